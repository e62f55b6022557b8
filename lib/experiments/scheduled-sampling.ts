/**
 * Training on what the model writes itself: scheduled sampling (Bengio et al. 2015). Teacher
 * forcing has every input before the first pass; here an input must be written before the next one
 * can be, one pass after another (16.2.2).
 */
import type { GPT } from '../model/gpt';
import type { Random } from '../base/random';
import { tf } from '../tensor/tf';
import type { Batch } from '../text/batches';

export interface ScheduledSamplingOptions {
  /**
   * Probability, from 0 to 1, that an input is the model's own word instead of the true one; 1 is
   * free running.
   */
  share: number;
  random: Random;
}

/**
 * Batches for `train` in which inputs are replaced, from the second position on, by words that
 * `model` draws from its own distribution after what it has read so far. The targets stay the true
 * ones. With `share` above 0 every batch costs seq − 1 forward passes before the step's own pass,
 * each over all rows, without gradients and without dropout.
 * @throws RangeError if `share` lies outside 0 to 1
 */
export function scheduledSampling(
  model: GPT,
  nextBatch: () => Batch,
  { share, random }: ScheduledSamplingOptions,
): () => Batch {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`share must be from 0 to 1, got ${share}`);
  return () => {
    const { inputIds, targets } = nextBatch();
    const read = inputIds.map((row) => row.slice(0, 1));
    for (let t = 1; t < inputIds[0]!.length; t++) {
      const drawn = share > 0 ? drawNext(model, read, random) : [];
      read.forEach((row, b) => row.push(random.uniform() < share ? drawn[b]! : inputIds[b]![t]!));
    }
    return { inputIds: read, targets };
  };
}

/**
 * One token after each of `rows`, all of one length, drawn by the model's probabilities: one
 * forward pass.
 */
function drawNext(model: GPT, rows: number[][], random: Random): number[] {
  const { vocabSize } = model.config;
  const probabilities = tf.tidy(() =>
    tf.softmax(model.forward(rows, { training: false, logitsToKeep: 1 })).dataSync()
  );
  return rows.map((_, b) =>
    random.choose(probabilities.subarray(b * vocabSize, (b + 1) * vocabSize))
  );
}
