/** The loss of teacher forcing (16.2): how wrong the predictions for a known text are. */
import { check } from '../base/checks';
import { checkGrid } from '../base/row-checks';
import type { ForwardOptions, GPT } from '../model/gpt';
import { asRows, checkInputIds } from '../model/inputs';
import * as ops from '../tensor/ops';
import { tf } from '../tensor/tf';
import { type Batch, IGNORED } from '../text/batches';

/**
 * Mean loss over all positions of all rows in one forward pass, in nats a token → a scalar tensor.
 * Positions with the target −100 do not count (PyTorch's `ignore_index`).
 * @throws RangeError if the targets have a different shape than the inputs, lie outside the
 *   vocabulary, or none counts
 */
export function meanLoss(model: GPT, batch: Batch, options: ForwardOptions = {}): tf.Scalar {
  return tf.tidy(() => {
    const logits = checkedForward(model, batch, options); // [batch, seq, vocab]
    // [batch·seq, vocab]
    const rows = tf.reshape<tf.Rank.R2>(logits, [-1, model.config.vocabSize]);
    const all = batch.targets.flat();
    const counted = [...all.keys()].filter((i) => all[i] !== IGNORED);
    check(counted.length > 0, 'targets', 'token ids, not all of them −100 (ignored)', all);
    const targets = tf.tensor1d(counted.map((i) => all[i]!), 'int32');
    if (counted.length === all.length) return ops.crossEntropy(rows, targets);
    const chosen = ops.embedding(rows, tf.tensor2d([counted], undefined, 'int32')); // their rows
    return ops.crossEntropy(tf.squeeze<tf.Tensor2D>(chosen, [0]), targets);
  });
}

/**
 * The loss at every position, in nats, from one forward pass without gradients: → [batch][seq].
 * Dropout is off. 0 where the target is −100.
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
  const lossAt = (id: number, b: number, t: number): number =>
    id === IGNORED ? 0 : -values[(b * seq + t) * vocab + id]!;
  return batch.targets.map((row, b) => row.map((id, t) => lossAt(id, b, t)));
}

/** A forward pass whose inputs and targets are checked once, before any tensor is made. */
function checkedForward(model: GPT, batch: Batch, options: ForwardOptions): tf.Tensor3D {
  const { inputIds, targets } = batch;
  checkInputIds(inputIds, model.config);
  const shape: [number, number] = [inputIds.length, inputIds[0]!.length];
  checkGrid('targets', targets, shape, model.config.vocabSize - 1, IGNORED);
  const { attentionMask: mask, positionIds: at, logitsToKeep: kept, cache } = options;
  if (mask) checkGrid('attentionMask', asRows('attentionMask', mask), shape, 1);
  if (at) checkGrid('positionIds', asRows('positionIds', at), shape, model.config.nPositions - 1);
  check(kept === undefined, 'logitsToKeep', 'left out: a loss needs all positions', kept);
  return model.forward(inputIds, { ...options, unchecked: !cache });
}
