/**
 * Training token by token (16.2): the keys and values of earlier tokens are kept, as inference
 * keeps them, and no causal mask is needed, because later tokens have not been read yet. The loss
 * and all gradients equal those of one parallel pass under the mask; only the work is serial.
 */
import { check } from '../base/checks';
import { norm } from '../model/block';
import { attentionScale } from '../model/config';
import type { GPT } from '../model/gpt';
import type { Affine } from '../model/weights';
import { splitHeads } from '../tensor/causal-attention';
import * as ops from '../tensor/ops';
import { tf } from '../tensor/tf';
import { type Batch, IGNORED } from '../text/batches';
import { meanLoss } from '../training/loss';
import { watchPasses } from './watch-passes';

/** Keys and values of one layer, [batch, head, 1, size] each, for every token so far. */
type Kept = Record<'keys' | 'values', tf.Tensor4D[]>;

/**
 * The mean loss of a batch in nats a token, by a pass for each position, and without dropout. Where
 * TensorFlow.js records gradients, they flow back through the kept keys and values. `onPass` is
 * called after each pass. The batch was checked before, by `meanLoss`.
 */
function serialLoss(model: GPT, { inputIds, targets }: Batch, onPass: () => void): tf.Scalar {
  return tf.tidy(() => {
    const kept: Kept[] = model.weights.blocks.map(() => ({ keys: [], values: [] }));
    const losses = inputIds[0]!.map((_, t) => {
      const logits = onePass(model, inputIds.map((row) => [row[t]!]), t, kept); // [batch, vocab]
      onPass();
      return ops.crossEntropy(logits, tf.tensor1d(targets.map((row) => row[t]!), 'int32'));
    });
    return tf.mean<tf.Scalar>(tf.stack(losses));
  });
}

/** One new token in each row, at position `t`: its keys and values are added to `kept`. */
function onePass(model: GPT, tokens: number[][], t: number, kept: readonly Kept[]): tf.Tensor2D {
  const { weights, config } = model;
  const linear = (y: tf.Tensor, { weight, bias }: Affine): tf.Tensor => ops.linear(y, weight, bias);
  let x: tf.Tensor = model.embed({ rows: tokens, positions: [[t]] }); // [batch, 1, width]
  weights.blocks.forEach(({ norm1, attention, norm2, mlp }, layer) => {
    const qkv = linear(norm(x, norm1, model), attention.qkv);
    const [query, key, value] = splitHeads(qkv, config.nHead);
    const { keys, values } = kept[layer]!;
    keys.push(key);
    values.push(value);
    const scores = tf.matMul(query, tf.concat(keys, 2), false, true); // [batch, head, 1, t + 1]
    const shares = tf.softmax(tf.mul(scores, attentionScale(config, layer))); // no mask
    const mixed = tf.matMul(shares, tf.concat(values, 2)); // [batch, head, 1, size]
    x = tf.add(x, linear(tf.reshape(mixed, x.shape), attention.project));
    x = tf.add(x, linear(ops.gelu(linear(norm(x, norm2, model), mlp.up)), mlp.down));
  });
  return tf.squeeze(model.logits(x), [1]);
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
