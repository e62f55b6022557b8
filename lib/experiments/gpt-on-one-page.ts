/**
 * A GPT-2 on one page (16.9): model, training and generation with nothing but TensorFlow.js.
 *
 * The rest of the library computes the same faster, checks its inputs and frees its memory with
 * more care; a test holds the two equal. 16.9 has it as `onePage`.
 */
import * as tf from '@tensorflow/tfjs';

// ---- Weights ------------------------------------------------------------------------------------

export interface Sizes {
  readonly vocabSize: number;
  readonly nPositions: number;
  readonly nEmbd: number;
  readonly nHead: number;
  readonly nLayer: number;
}

/** The weights by GPT-2's own names. */
export type Weights = Readonly<Record<string, tf.Variable>>;

/** The shape of every weight. */
export function shapesOf({ vocabSize, nPositions, nEmbd, nLayer }: Sizes) {
  const shapes: Record<string, number[]> = {
    'wte.weight': [vocabSize, nEmbd], // a row for each token; the head reads the same table
    'wpe.weight': [nPositions, nEmbd], // a row for each position
  };
  const linear = (name: string, from: number, to: number): void => {
    Object.assign(shapes, { [`${name}.weight`]: [from, to], [`${name}.bias`]: [to] });
  };
  const norm = (name: string): void => {
    Object.assign(shapes, { [`${name}.weight`]: [nEmbd], [`${name}.bias`]: [nEmbd] });
  };
  for (let layer = 0; layer < nLayer; layer++) {
    norm(`h.${layer}.ln_1`);
    linear(`h.${layer}.attn.c_attn`, nEmbd, 3 * nEmbd); // queries, keys and values
    linear(`h.${layer}.attn.c_proj`, nEmbd, nEmbd);
    norm(`h.${layer}.ln_2`);
    linear(`h.${layer}.mlp.c_fc`, nEmbd, 4 * nEmbd);
    linear(`h.${layer}.mlp.c_proj`, 4 * nEmbd, nEmbd);
  }
  norm('ln_f');
  return shapes;
}

/** Small random matrices, gains of 1 and biases of 0. */
export function newWeights(sizes: Sizes, seed: number): Weights {
  const make = ([name, shape]: [string, number[]], i: number): [string, tf.Variable] => {
    if (name.endsWith('.bias')) return [name, tf.variable(tf.zeros(shape))];
    if (shape.length === 1) return [name, tf.variable(tf.ones(shape))];
    const deviation = name.endsWith('c_proj.weight') ? 0.02 / Math.sqrt(2 * sizes.nLayer) : 0.02;
    return [name, tf.variable(tf.randomNormal(shape, 0, deviation, 'float32', seed + i))];
  };
  return Object.fromEntries(Object.entries(shapesOf(sizes)).map(make));
}

// ---- Model: token ids [batch, seq] in, logits [batch, seq, vocab] out ---------------------------

export function forward(weights: Weights, sizes: Sizes, ids: number[][]): tf.Tensor {
  const at = (name: string): tf.Variable => weights[name]!;
  const linear = (x: tf.Tensor, name: string): tf.Tensor => {
    const [rows, outputs] = [tf.reshape(x, [-1, x.shape.at(-1)!]), at(`${name}.bias`).size];
    const product = tf.matMul(rows, at(`${name}.weight`));
    return tf.reshape(tf.add(product, at(`${name}.bias`)), [...x.shape.slice(0, -1), outputs]);
  };
  const norm = (x: tf.Tensor, name: string): tf.Tensor => {
    const { mean, variance } = tf.moments(x, -1, true);
    const normed = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
    return tf.add(tf.mul(normed, at(`${name}.weight`)), at(`${name}.bias`));
  };
  const gelu = (x: tf.Tensor): tf.Tensor => {
    const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.pow(x, 3))));
    return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(inner)));
  };

  const [batch, seq, size] = [ids.length, ids[0]!.length, sizes.nEmbd / sizes.nHead];
  const past = tf.cast(tf.linalg.bandPart(tf.ones([seq, seq]), -1, 0), 'bool'); // the causal mask
  const attention = (x: tf.Tensor, name: string): tf.Tensor => {
    const [q, k, v] = tf.split(linear(x, `${name}.c_attn`), 3, -1).map((part) =>
      tf.transpose(tf.reshape(part, [batch, seq, sizes.nHead, size]), [0, 2, 1, 3])
    );
    // [batch, head, seq, seq]
    const scores = tf.div(tf.matMul(q!, k!, false, true), Math.sqrt(size));
    const shares = tf.softmax(tf.where(past, scores, tf.fill(scores.shape, -Infinity)));
    const mixed = tf.transpose(tf.matMul(shares, v!), [0, 2, 1, 3]);
    return linear(tf.reshape(mixed, [batch, seq, sizes.nEmbd]), `${name}.c_proj`);
  };

  // A row of the table for each id, as a product, because gather has no gradient in WebAssembly.
  const chosen = tf.oneHot(tf.tensor1d(ids.flat(), 'int32'), sizes.vocabSize);
  const tokens = tf.reshape(tf.matMul(chosen, at('wte.weight')), [batch, seq, sizes.nEmbd]);
  let x: tf.Tensor = tf.add(tokens, tf.slice(at('wpe.weight'), [0, 0], [seq, sizes.nEmbd]));
  for (let layer = 0; layer < sizes.nLayer; layer++) {
    const h = `h.${layer}`;
    x = tf.add(x, attention(norm(x, `${h}.ln_1`), `${h}.attn`));
    x = tf.add(x, linear(gelu(linear(norm(x, `${h}.ln_2`), `${h}.mlp.c_fc`)), `${h}.mlp.c_proj`));
  }
  const rows = tf.reshape(norm(x, 'ln_f'), [-1, sizes.nEmbd]);
  const logits = tf.matMul(rows, at('wte.weight'), false, true);
  return tf.reshape(logits, [batch, seq, sizes.vocabSize]);
}

// ---- Training: ALL → ALL ------------------------------------------------------------------------

/** Mean of −ln p of every next token: the targets are the same rows, shifted by one. */
export function meanLoss(weights: Weights, sizes: Sizes, rows: number[][]): tf.Scalar {
  const logits = forward(weights, sizes, rows.map((row) => row.slice(0, -1)));
  const targets = tf.tensor2d(rows.map((row) => row.slice(1)), undefined, 'int32');
  const chosen = tf.mul(tf.oneHot(targets, sizes.vocabSize), tf.logSoftmax(logits));
  return tf.neg<tf.Scalar>(tf.mean<tf.Scalar>(tf.sum(chosen, -1)));
}

/** AdamW: a function that changes the weights by one step, given the gradient of each. */
export function adamW(weights: Weights, learningRate: number, weightDecay = 0.01) {
  const zeros = (): tf.Variable[] =>
    Object.values(weights).map((weight) => tf.variable(tf.zeros(weight.shape), false));
  const [means, squares] = [zeros(), zeros()];
  let steps = 0;
  return (gradients: Readonly<Record<string, tf.Tensor>>): void => {
    steps += 1;
    Object.values(weights).forEach((weight, i) =>
      tf.tidy(() => {
        const [mean, square, gradient] = [means[i]!, squares[i]!, gradients[weight.name]!];
        mean.assign(tf.add(tf.mul(0.9, mean), tf.mul(0.1, gradient)));
        square.assign(tf.add(tf.mul(0.999, square), tf.mul(0.001, tf.square(gradient))));
        const root = tf.sqrt(tf.div(square, 1 - 0.999 ** steps));
        const step = tf.div(tf.div(mean, 1 - 0.9 ** steps), tf.add(root, 1e-8));
        const kept = weight.rank >= 2 ? 1 - learningRate * weightDecay : 1;
        weight.assign(tf.sub(tf.mul(kept, weight), tf.mul(learningRate, step)));
      })
    );
  };
}

/** One pass over whole rows, its gradients, one change of all weights. Returns the loss before. */
export function trainStep(
  weights: Weights,
  sizes: Sizes,
  update: (gradients: Readonly<Record<string, tf.Tensor>>) => void,
  rows: number[][],
): number {
  const { value, grads } = tf.variableGrads(
    () => meanLoss(weights, sizes, rows),
    Object.values(weights),
  );
  update(grads);
  const loss = value.dataSync()[0]!;
  tf.dispose([value, grads]);
  return loss;
}

// ---- Generation: ONE → ONE ----------------------------------------------------------------------

/** Adds one token at a time: the most probable one, or one drawn with `random`, from 0 to 1. */
export function generate(
  weights: Weights,
  sizes: Sizes,
  prompt: readonly number[],
  { newTokens, end, random }: { newTokens: number; end?: number; random?: () => number },
): number[] {
  const ids = [...prompt];
  for (let n = 0; n < newTokens && ids.at(-1) !== end; n++) {
    const probabilities = tf.tidy(() => {
      const seen = ids.slice(-sizes.nPositions);
      const logits = forward(weights, sizes, [seen]);
      return tf.softmax(tf.slice(logits, [0, seen.length - 1, 0], [1, 1, -1])).dataSync();
    });
    if (!random) {
      ids.push(probabilities.indexOf(Math.max(...probabilities)));
      continue;
    }
    let left = random();
    const drawn = probabilities.findIndex((p) => (left -= p) < 0);
    ids.push(drawn < 0 ? probabilities.length - 1 : drawn);
  }
  return ids;
}
