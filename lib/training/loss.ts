/** How wrong a model is about text that it sees whole: the loss of teacher forcing (16.2). */
import type { ForwardOptions, GPT } from '../model/gpt';
import { checkGrid, checkInputIds } from '../model/inputs';
import * as ops from '../tensor/ops';
import { tf } from '../tensor/tf';
import type { Batch } from '../text/batches';

/**
 * Mean loss over all positions of all rows in one forward pass, in nats a token → a scalar tensor.
 * @throws RangeError if the targets have a different shape than the inputs or lie outside the vocabulary
 */
export function meanLoss(model: GPT, batch: Batch, options: ForwardOptions = {}): tf.Scalar {
  return tf.tidy(() => {
    const logits = checkedForward(model, batch, options); // [batch, seq, vocab]
    const rows = tf.reshape(logits, [-1, model.config.vocabSize]) as tf.Tensor2D; // [batch·seq, vocab]
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
  const logProbabilities = tf.tidy(() =>
    tf.logSoftmax(checkedForward(model, batch, { training: false, ...options }))
  );
  const values = await logProbabilities.data();
  logProbabilities.dispose();
  const { vocabSize } = model.config;
  return batch.targets.map((row, b) =>
    row.map((target, t) => -values[(b * row.length + t) * vocabSize + target]!)
  );
}

/** A forward pass whose inputs and targets are checked once, before any tensor is made. */
function checkedForward(
  model: GPT,
  { inputIds, targets }: Batch,
  options: ForwardOptions,
): tf.Tensor3D {
  checkInputIds(inputIds, model.config);
  checkGrid('targets', targets, inputIds.length, inputIds[0]!.length, model.config.vocabSize - 1);
  const { attentionMask, positionIds, cache } = options;
  return model.forward(inputIds, { ...options,
    unchecked: !attentionMask && !positionIds && !cache });
}
