/** One step of training with teacher forcing (16.2.2). */
import type { ForwardOptions, GPT } from '../model/gpt';
import { tf } from '../tensor/tf';
import type { Batch } from '../text/batches';
import type { Optimizer } from './adamw';
import { meanLoss } from './loss';

/**
 * Runs one forward pass over whole rows, computes the loss at every position and its gradients, and
 * updates the weights once. All positions are computed at once, because every target is known.
 * Dropout is on if the model is in training mode. Returns the mean loss before the step, in nats a
 * token. `forward` has options of the forward pass: `{ causal: false }` lets training cheat
 * (16.2.3).
 * @throws RangeError if the batch does not fit the model, or the loss is not finite; the weights
 *   are then unchanged
 * @throws Error if `optimizer` was made for a different model
 */
export async function trainStep(
  model: GPT,
  optimizer: Optimizer,
  batch: Batch,
  forward: ForwardOptions = {},
): Promise<number> {
  if (optimizer.model !== model)
    throw new Error('the optimizer was made for a different model; make one with adamW(model)');
  const weights = [...model.parameters.values()];
  const { value, grads } = tf.variableGrads(() => meanLoss(model, batch, forward), weights);
  try {
    const loss = (await value.data())[0]!;
    if (!Number.isFinite(loss)) {
      const place = `at step ${optimizer.steps + 1}; the weights are those before it`;
      throw new RangeError(`the loss became ${loss} ${place}. Try a smaller learning rate`);
    }
    const named = [...model.parameters].map(([name, { name: id }]) => [name, grads[id]!] as const);
    optimizer.step(Object.fromEntries(named));
    return loss;
  } finally {
    tf.dispose([value, grads]);
  }
}
