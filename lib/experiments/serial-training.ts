/**
 * Training token by token (16.2): the keys and values of earlier tokens are kept, as inference
 * keeps them, and no causal mask is needed, because later tokens have not been read yet. The loss
 * and all gradients equal those of one parallel pass under the mask; only the work is serial.
 */
import { check } from '../base/checks';
import type { GPT } from '../model/gpt';
import * as ops from '../tensor/ops';
import { tf } from '../tensor/tf';
import { type Batch, IGNORED } from '../text/batches';
import { meanLoss } from '../training/loss';
import { openCache, openForward } from './open-forward';
import { watchPasses } from './watch-passes';

/**
 * The mean loss of a batch in nats a token, by a pass for each position, and without dropout. Where
 * TensorFlow.js records gradients, they flow back through the kept keys and values. `onPass` is
 * called after each pass. The batch was checked before, by `meanLoss`.
 */
function serialLoss(model: GPT, { inputIds, targets }: Batch, onPass: () => void): tf.Scalar {
  return tf.tidy(() => {
    const cache = openCache(model);
    const losses = inputIds[0]!.map((_, t) => {
      const logits = openForward(model, inputIds.map((row) => [row[t]!]), { cache });
      onPass();
      return ops.crossEntropy(
        tf.squeeze(logits, [1]),
        tf.tensor1d(targets.map((row) => row[t]!), 'int32'),
      );
    });
    return tf.mean<tf.Scalar>(tf.stack(losses));
  });
}

/** A loss, the gradient of every weight by the weight's name, and what they cost. */
export interface Gradients {
  readonly loss: number;
  readonly byName: ReadonlyMap<string, Float32Array>;
  /** Forward passes through the blocks. */
  readonly passes: number;
  readonly milliseconds: number;
}

/**
 * Both ways to the gradients of one training step, which is not taken; without dropout.
 * @throws RangeError as `meanLoss`, and if a target is ignored (−100)
 */
export async function gradientsBothWays(
  model: GPT,
  batch: Batch,
): Promise<Readonly<Record<'parallel' | 'serial', Gradients>>> {
  const isIgnored = batch.targets.flat().includes(IGNORED);
  check(!isIgnored, 'targets', 'token ids, as each pass has one for every row', IGNORED);
  const gradients = (loss: () => tf.Scalar): Omit<Gradients, 'passes'> => {
    const start = performance.now();
    const { value, grads } = tf.variableGrads(loss, [...model.parameters.values()]);
    const byName = new Map(
      [...model.parameters].map(([name, { name: id }]) =>
        [name, grads[id]!.dataSync().slice() as Float32Array] as const
      ),
    );
    const milliseconds = performance.now() - start;
    const result = { loss: value.dataSync()[0]!, byName, milliseconds };
    tf.dispose([value, grads]);
    return result;
  };
  let parallel: Omit<Gradients, 'passes'> | undefined;
  const passes = await watchPasses(model, () => {
    parallel = gradients(() => meanLoss(model, batch, { training: false }));
  });
  let serialPasses = 0;
  const serial = gradients(() => serialLoss(model, batch, () => serialPasses++));
  return {
    parallel: { ...parallel!, passes: passes.length },
    serial: { ...serial, passes: serialPasses },
  };
}
