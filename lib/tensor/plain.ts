/**
 * The operations of a transformer in TensorFlow.js: the form to read first.
 *
 * Each has a fast form with the same name and the same results (see ops.ts); a test holds the two
 * equal in value and gradient. Two gradients are written by hand: that of a matrix product, because
 * TensorFlow.js's WebAssembly backend multiplies transposed matrices ten times slower than it
 * transposes and then multiplies them, and that of an embedding, because the backend has none.
 */
import { tf } from './tf';

type Tensor = tf.Tensor;

/** `a` [n, k] times `b` [k, m] → [n, m]. */
function matMul(a: Tensor, b: Tensor): Tensor {
  return tf.customGrad((x, y, save) => {
    (save as tf.GradSaveFunc)([x as Tensor, y as Tensor]);
    const gradFunc = (dy: Tensor, [left, right]: Tensor[]): Tensor[] => [
      tf.matMul(dy, tf.transpose(right!)), // [n, m] [m, k]
      tf.matMul(tf.transpose(left!), dy), // [k, n] [n, m]
    ];
    return { value: tf.matMul(x as Tensor, y as Tensor), gradFunc };
  })(a, b);
}

/**
 * `x` [..., in] times `weight` [in, out] plus `bias` [out] → [..., out], for each position
 * separately.
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const [inSize, outSize] = weight.shape as [number, number];
  const rows = tf.add(matMul(tf.reshape(x, [-1, inSize]), weight), bias);
  return tf.reshape(rows, [...x.shape.slice(0, -1), outSize]);
}

/**
 * Normalizes each vector of `x` [..., width] to mean 0 and variance 1, then multiplies by `weight`
 * and adds `bias`, both [width].
 */
export function layerNorm(x: Tensor, weight: Tensor, bias: Tensor, epsilon: number): Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon))), weight), bias);
}

/**
 * GELU in GPT-2's form: x/2 · (1 + tanh(√(2/π)(x + 0.044715 x³))), elementwise (Hendrycks and
 * Gimpel 2016).
 */
export function gelu(x: Tensor): Tensor {
  const slope = 2 * Math.sqrt(2 / Math.PI); // (1 + tanh u) / 2 is sigmoid(2u), which costs far less
  const cubic = tf.add(tf.mul(tf.square(x), 0.044715), 1);
  return tf.mul(x, tf.sigmoid(tf.mul(tf.mul(x, slope), cubic)));
}

/**
 * `ids` [n] → [n, size], 1 at each id and 0 elsewhere. Not by `tf.oneHot`, which refuses a size of
 * 1.
 */
function oneHot(ids: Tensor, size: number): Tensor {
  return tf.cast(tf.equal(tf.reshape(ids, [-1, 1]), tf.range(0, size, 1, 'int32')), 'float32');
}

/**
 * Row `ids[b][t]` of `table` [vocab, width] for each of `ids` [batch, seq] → [batch, seq, width].
 */
export function embedding(table: Tensor, ids: tf.Tensor2D): tf.Tensor3D {
  const [vocabSize, width] = table.shape as [number, number];
  return tf.customGrad((rows, save) => {
    // a tensor that the gradient needs outlives the forward pass only if saved
    (save as tf.GradSaveFunc)([ids]);
    const gradFunc = (dy: Tensor, [saved]: Tensor[]): Tensor => {
      const chosen = oneHot(tf.reshape(saved!, [-1]), vocabSize); // [batch·seq, vocab]
      return tf.matMul(tf.transpose(chosen), tf.reshape(dy, [-1, width]));
    };
    return { value: tf.gather<Tensor>(rows as Tensor, ids), gradFunc };
  })(table) as tf.Tensor3D;
}

/**
 * Logits: the dot product of each of `x` [batch, seq, width] with every row of `table` [vocab,
 * width].
 */
export function head(x: Tensor, table: Tensor): tf.Tensor3D {
  const [batch, seq, width] = x.shape as [number, number, number];
  const rows = matMul(tf.reshape(x, [-1, width]), tf.transpose(table));
  return tf.reshape(rows, [batch, seq, table.shape[0]]);
}

/**
 * Mean of −log softmax(logits)[target], in nats: `logits` [n, vocab], `targets` int32 [n] → a
 * scalar.
 */
export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor1D): tf.Scalar {
  const [n, vocabSize] = logits.shape;
  // 0 except at the targets
  const chosen = tf.mul(tf.logSoftmax(logits), oneHot(targets, vocabSize));
  return tf.div(tf.neg(tf.sum(chosen)), n);
}

/**
 * The numbers of one AdamW step for one weight: `decay`, which multiplies the weight, is 1 −
 * learning rate · weight decay; `stepSize` is learning rate / (1 − beta1^t), `rootScale` 1 / √(1 −
 * beta2^t); `scale` multiplies the gradient.
 */
export type AdamWStep = Readonly<
  Record<'beta1' | 'beta2' | 'epsilon' | 'decay' | 'stepSize' | 'rootScale' | 'scale', number>
>;

/**
 * Updates `weight`, and the running means of its gradient and of the gradient's square (Loshchilov
 * and Hutter 2019).
 */
export function adamWUpdate(
  weight: tf.Variable,
  gradient: Tensor,
  mean: tf.Variable,
  square: tf.Variable,
  step: AdamWStep,
): void {
  const { beta1, beta2, epsilon, decay, stepSize, rootScale, scale } = step;
  tf.tidy(() => {
    const scaled = tf.mul(gradient, scale);
    mean.assign(tf.add(tf.mul(mean, beta1), tf.mul(scaled, 1 - beta1)));
    square.assign(tf.add(tf.mul(square, beta2), tf.mul(tf.square(scaled), 1 - beta2)));
    const size = tf.add(tf.mul(tf.sqrt(square), rootScale), epsilon);
    weight.assign(tf.sub(tf.mul(weight, decay), tf.div(tf.mul(mean, stepSize), size)));
  });
}
