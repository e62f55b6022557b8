/**
 * What a forward pass must leave in memory, for the backward pass or for the reader (16.1.6,
 * 16.6.2).
 */
import type { GPT } from '../model/gpt';
import { tf } from '../tensor/tf';
import type { Batch } from '../text/batches';
import { meanLoss } from '../training/loss';

/**
 * Bytes of tensors that are still there right after one forward pass over `batch`. With gradients,
 * as in training, that is what every operation keeps for the backward pass; without, as in
 * inference, only the logits. Counted as TensorFlow.js counts: tensors that share their numbers,
 * such as a weight and what an operation keeps of it, count once each. Everything is freed before
 * this returns, and the weights are not changed.
 */
export function bytesKept(model: GPT, batch: Batch, { gradients }: { gradients: boolean }): number {
  const before = tf.memory().numBytes;
  let kept = 0;
  if (!gradients) {
    const logits = model.forward(batch.inputIds, { training: false });
    kept = tf.memory().numBytes - before;
    logits.dispose();
    return kept;
  }
  const { value, grads } = tf.variableGrads(() => {
    const loss = meanLoss(model, batch, { training: true });
    kept = tf.memory().numBytes - before;
    return loss;
  }, [...model.parameters.values()]);
  tf.dispose([value, grads]);
  return kept;
}
