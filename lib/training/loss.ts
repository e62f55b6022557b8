/** The loss of teacher forcing (16.2): how wrong the predictions for a known text are. */
import type { ForwardOptions, GPT } from '../model/gpt';
import { checkGrid, checkInputIds } from '../model/inputs';
import * as ops from '../tensor/ops';
import { tf } from '../tensor/tf';
import type { Batch } from '../text/batches';

/**
 * Mean loss over all positions of all rows in one forward pass, in nats a token → a scalar tensor.
 * @throws RangeError if the targets have a different shape than the inputs or lie outside the
 *   vocabulary
 */
export function meanLoss(model: GPT, batch: Batch, options: ForwardOptions = {}): tf.Scalar {
  return tf.tidy(() => {
    const logits = checkedForward(model, batch, options); // [batch, seq, vocab]
    // [batch·seq, vocab]
    const rows = tf.reshape<tf.Rank.R2>(logits, [-1, model.config.vocabSize]);
    return ops.crossEntropy(rows, tf.tensor1d(batch.targets.flat(), 'int32'));
  });
}

/**
 * The loss at every position, in nats, from one forward pass without gradients: → [batch][seq].
 * Dropout is off.
 * @throws RangeError as {@link meanLoss}
 */
export async function lossPerPosition(
  model: GPT,
  batch: Batch,
  options: ForwardOptions = {},
): Promise<number[][]> {
  const quiet = { training: false, ...options };
  const logProbabilities = tf.tidy(() => tf.logSoftmax(checkedForward(model, batch, quiet)));
  const values = await logProbabilities.data(); // [batch · seq · vocab]
  logProbabilities.dispose();
  const [seq, vocab] = [batch.targets[0]!.length, model.config.vocabSize];
  const lossAt = (id: number, b: number, t: number): number => -values[(b * seq + t) * vocab + id]!;
  return batch.targets.map((row, b) => row.map((id, t) => lossAt(id, b, t)));
}

/** A forward pass whose inputs and targets are checked once, before any tensor is made. */
function checkedForward(model: GPT, batch: Batch, options: ForwardOptions): tf.Tensor3D {
  const { inputIds, targets } = batch;
  checkInputIds(inputIds, model.config);
  checkGrid('targets', targets, [inputIds.length, inputIds[0]!.length], model.config.vocabSize - 1);
  const unchecked = !options.attentionMask && !options.positionIds && !options.cache;
  return model.forward(inputIds, { ...options, unchecked });
}
