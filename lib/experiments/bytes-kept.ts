/**
 * How much memory a forward pass must keep, for the backward pass or for the caller (16.1.6,
 * 16.6.6).
 */
import { checkBoolean, checkEach } from '../base/checks';
import type { GPT } from '../model/gpt';
import { tf } from '../tensor/tf';
import type { Batch } from '../text/batches';
import { meanLoss } from '../training/loss';

/**
 * Bytes of tensors that are still in memory right after one forward pass over `batch`. With
 * gradients, as in training, these are the tensors that every operation saves for the backward
 * pass; without gradients, as in inference, only the logits. Counted as TensorFlow.js counts: of
 * tensors that share their numbers, such as a weight and its saved clone, each one is counted.
 * Everything is freed before this returns, and the weights are not changed.
 */
export function bytesKept(model: GPT, batch: Batch, options: { gradients: boolean }): number {
  checkEach('option', options, { gradients: checkBoolean });
  const { gradients } = options;
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
