/**
 * Scheduled sampling (Bengio et al. 2015): training on inputs that were sampled from the model
 * itself. 16.2 measures what that costs (16.2.4): with teacher forcing all inputs are known before
 * the first pass; here each input is sampled in a pass of its own, one after another.
 */
import { checkNames, checkNumber } from '../base/checks';
import type { GPT } from '../model/gpt';
import { checkRandom, type Random } from '../base/random';
import { tf } from '../tensor/tf';
import type { Batch } from '../text/batches';

export interface ScheduledSamplingOptions {
  /** Probability, from 0 to 1, that an input is sampled from the model; 1 is free running. */
  share: number;
  random: Random;
}

/**
 * Batches for `train` in which each input from the second position on is replaced, with probability
 * `share`, by a sample of the model's own distribution given the inputs before it. The targets are
 * still the true ones. With `share` above 0 every batch costs seq − 1 forward passes over all rows,
 * without gradients and dropout, before the pass of the training step.
 * @throws RangeError if `share` is not from 0 to 1
 */
export function scheduledSampling(
  model: GPT,
  nextBatch: () => Batch,
  options: ScheduledSamplingOptions,
): () => Batch {
  checkNames('option', options, ['share', 'random']);
  const { share, random } = options;
  checkNumber('share', share, { from: 0, to: 1 });
  checkRandom(random);
  return () => {
    const { inputIds, targets } = nextBatch();
    const read = inputIds.map((row) => row.slice(0, 1));
    for (let t = 1; t < inputIds[0]!.length; t++) {
      const sampled = share > 0 ? sampleNext(model, read, random) : [];
      read.forEach((row, b) => row.push(random.uniform() < share ? sampled[b]! : inputIds[b]![t]!));
    }
    return { inputIds: read, targets };
  };
}

/** A sampled token after each of `rows`, all of one length: one forward pass. */
function sampleNext(model: GPT, rows: number[][], random: Random): number[] {
  const { vocabSize } = model.config;
  const probabilities = tf.tidy(() =>
    tf.softmax(model.forward(rows, { training: false, logitsToKeep: 1 })).dataSync()
  );
  return rows.map((_, b) =>
    random.choose(probabilities.subarray(b * vocabSize, (b + 1) * vocabSize))
  );
}
