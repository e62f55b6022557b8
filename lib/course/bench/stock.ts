/**
 * The baseline: a GPT written in TensorFlow.js's own operations, with its gradients, its optimizer
 * and its backend unmodified.
 */
import '@tensorflow/tfjs-backend-wasm';
import { tf } from '../../tensor/tf';
import { answer, type Task, timed } from './contender';
import { batchOf, PROMPT, type Shape } from './shapes';

type Weights = Record<string, tf.Variable>;
/** Keys and values of each layer, [1, head, tokens, size]. */
type Cache = { keys: tf.Tensor; values: tf.Tensor }[];

function makeWeights({ nLayer, nEmbd: c, nPositions, vocabSize }: Shape): Weights {
  const weights: Weights = {};
  const add = (name: string, shape: number[], value?: number): void => {
    weights[name] = tf.tidy(() =>
      tf.variable(
        value === undefined ? tf.randomNormal(shape, 0, 0.02, 'float32', 1) : tf.fill(shape, value),
      )
    );
  };
  add('wte', [vocabSize, c]);
  add('wpe', [nPositions, c]);
  for (let i = 0; i < nLayer; i++) {
    for (
      const [name, from, to] of [['qkv', c, 3 * c], ['project', c, c], ['up', c, 4 * c], [
        'down',
        4 * c,
        c,
      ]] as const
    ) {
      add(`${i}.${name}.w`, [from, to]);
      add(`${i}.${name}.b`, [to], 0);
    }
  }
  for (
    const name of [
      ...Array.from({ length: nLayer }, (_, i) => [`${i}.norm1`, `${i}.norm2`]).flat(),
      'norm',
    ]
  ) {
    add(`${name}.w`, [c], 1);
    add(`${name}.b`, [c], 0);
  }
  return weights;
}

const norm = (w: Weights, name: string, x: tf.Tensor): tf.Tensor => {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.add(
    tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))), w[`${name}.w`]!),
    w[`${name}.b`]!,
  );
};

const linear = (w: Weights, name: string, x: tf.Tensor): tf.Tensor => {
  const [rows, [from, to]] = [x.shape.slice(0, -1), w[`${name}.w`]!.shape as [number, number]];
  return tf.reshape(
    tf.add(
      tf.matMul(tf.reshape(x, [-1, from]), w[`${name}.w`] as tf.Tensor as tf.Tensor2D),
      w[`${name}.b`]!,
    ),
    [...rows, to],
  );
};

const gelu = (x: tf.Tensor): tf.Tensor =>
  tf.mul(
    tf.mul(x, 0.5),
    tf.add(
      tf.tanh(tf.mul(tf.add(x, tf.mul(tf.mul(tf.mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI))),
      1,
    ),
  );

/**
 * Logits [batch, seq, vocab] of rows of ids; with a cache, of what follows the tokens that it
 * holds.
 */
function forward(w: Weights, shape: Shape, ids: number[][], cache?: Cache): tf.Tensor {
  const { nLayer, nHead, nEmbd: c, vocabSize } = shape;
  const [batch, seq, past] = [ids.length, ids[0]!.length, cache?.[0]?.keys.shape[2] ?? 0];
  // gather has no gradient on this backend
  const chosen = tf.oneHot(
    tf.tensor1d(ids.flat(), 'int32'),
    vocabSize,
    1,
    0,
    'float32',
  ) as tf.Tensor2D;
  let x: tf.Tensor = tf.add(
    tf.reshape(tf.matMul(chosen, w['wte'] as tf.Tensor as tf.Tensor2D), [batch, seq, c]),
    tf.slice(w['wpe']!, [past, 0], [seq, c]),
  );
  const hidden = tf.mul(
    tf.sub(1, tf.linalg.bandPart(tf.ones([past + seq, past + seq]), -1, 0)),
    -1e9,
  );
  const mask = tf.slice(hidden, [past, 0], [seq, past + seq]);
  for (let i = 0; i < nLayer; i++) {
    const parts = tf.split<tf.Tensor>(linear(w, `${i}.qkv`, norm(w, `${i}.norm1`, x)), 3, 2);
    const [q, newKeys, newValues] = parts.map((part) =>
      tf.transpose(tf.reshape(part, [batch, seq, nHead, c / nHead]), [0, 2, 1, 3])
    ) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const kept = cache?.[i];
    const keys = kept ? tf.concat([kept.keys, newKeys], 2) : newKeys;
    const values = kept ? tf.concat([kept.values, newValues], 2) : newValues;
    if (cache) {
      if (kept) tf.dispose([kept.keys, kept.values]);
      cache[i] = { keys: tf.keep(keys), values: tf.keep(values) };
    }
    const scores = tf.add(tf.mul(tf.matMul(q, keys, false, true), 1 / Math.sqrt(c / nHead)), mask);
    const mixed = tf.reshape(tf.transpose(tf.matMul(tf.softmax(scores), values), [0, 2, 1, 3]), [
      batch,
      seq,
      c,
    ]);
    x = tf.add(x, linear(w, `${i}.project`, mixed));
    x = tf.add(x, linear(w, `${i}.down`, gelu(linear(w, `${i}.up`, norm(w, `${i}.norm2`, x)))));
  }
  const last = tf.reshape<tf.Rank.R2>(norm(w, 'norm', x), [-1, c]);
  return tf.reshape(tf.matMul(last, w['wte'] as tf.Tensor as tf.Tensor2D, false, true), [
    batch,
    seq,
    vocabSize,
  ]);
}

/** Greedy decoding of `count` tokens; only the last position's logits are read. */
async function decode(w: Weights, shape: Shape, count: number, cached: boolean): Promise<void> {
  const ids = [...PROMPT];
  const cache: Cache | undefined = cached ? [] : undefined;
  for (let i = 0; i < count; i++) {
    const next = tf.tidy(() => {
      const input = cache && i > 0 ? [ids.slice(-1)] : [ids.slice(-shape.nPositions)];
      const logits = forward(w, shape, input, cache);
      return tf.argMax(tf.reshape(tf.slice(logits, [0, logits.shape[1]! - 1, 0]), [-1]));
    });
    ids.push((await next.data())[0]!);
    next.dispose();
  }
  cache?.forEach(({ keys, values }) => tf.dispose([keys, values]));
}

let made: { key: string; weights: Weights; optimizer: tf.Optimizer } | undefined;

async function run({ name, shape, count }: Task): Promise<number> {
  await tf.setBackend('wasm');
  const key = JSON.stringify(shape);
  if (made?.key !== key) {
    if (made) tf.dispose(made.weights);
    made = { key, weights: makeWeights(shape), optimizer: tf.train.adam(1e-3) };
  }
  const { weights, optimizer } = made;
  if (name !== 'step')
    return (await timed(1, () => decode(weights, shape, count, name === 'decodeCached'))) / count;
  const { inputIds, targets } = batchOf(shape);
  return timed(count, async () => {
    const loss = optimizer.minimize(() => {
      const logits = tf.reshape(forward(weights, shape, inputIds), [-1, shape.vocabSize]);
      return tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(
        tf.oneHot(tf.tensor1d(targets.flat(), 'int32'), shape.vocabSize),
        logits,
      );
    }, true)!;
    await loss.data();
    loss.dispose();
  });
}

answer(run);
