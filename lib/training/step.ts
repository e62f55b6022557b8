/** One step of training with teacher forcing (16.2.2). */
import type { ForwardOptions, GPT } from '../model/gpt';
import { tf } from '../tensor/tf';
import type { Batch } from '../text/batches';
import type { Optimizer } from './adamw';
import { meanLoss } from './loss';

/**
 * One forward pass over whole rows, the loss at every position, its gradients, one change of the
 * weights: all positions at once, since every answer is known. Dropout is on if the model is in
 * training mode. Returns the mean loss before the step, in nats a token. `forward` goes to the
 * forward pass: `{ causal: false }` lets training cheat (16.2.3).
 * @throws RangeError if the batch does not fit the model, or the loss is not finite; the weights are
 *   then unchanged
 */
export async function trainStep(
  model: GPT,
  optimizer: Optimizer,
  batch: Batch,
  forward: ForwardOptions = {},
): Promise<number> {
  const weights = [...model.parameters];
  const { value, grads } = tf.variableGrads(
    () => meanLoss(model, batch, forward),
    weights.map(([, weight]) => weight),
  );
  try {
    const loss = (await value.data())[0]!;
    if (!Number.isFinite(loss)) {
      throw new RangeError(
        `the loss became ${loss} at step ${
          optimizer.steps + 1
        }; the weights are as before it. Try a smaller learning rate`,
      );
    }
    optimizer.step(
      Object.fromEntries(weights.map(([name, weight]) => [name, grads[weight.name]!])),
    );
    return loss;
  } finally {
    tf.dispose([value, grads]);
  }
}
