/**
 * The operations of a transformer, written plainly in TensorFlow.js: the form to read first.
 *
 * Each has a fast twin with the same name and the same results (see ops.ts); a test holds the two
 * equal in value and gradient. Gradients are written out where TensorFlow.js would take a slow
 * road: its WebAssembly backend multiplies transposed matrices ten times slower than it can
 * transpose and then multiply them, and has no gradient for `gather`.
 */
import { tf } from './tf';

type Tensor = tf.Tensor;

/** Options of {@link causalSelfAttention}. */
export interface AttentionOptions {
  /**
   * `[batch, seq]` of 1 (a real token) and 0 (padding, which no position may attend to). Default:
   * all real.
   */
  keyMask?: tf.Tensor2D;
  /**
   * Whether position i is kept from seeing positions after i. Default true; false lets training
   * cheat (16.2.3).
   */
  causal?: boolean;
  /** What the dot products are multiplied by. Default 1/√(size of a head). */
  scale?: number;
  /** Applied to the attention weights `[batch, head, seq, seq]`, in training only. */
  dropout?: (weights: Tensor) => Tensor;
}

/**
 * What a masked score becomes: far below every real score, yet finite, so that a row with no real
 * key stays a number.
 */
const MASKED = -1e9;

/** `a` [n, k] times `b` [k, m] → [n, m]. */
export function matMul(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  return tf.customGrad((x, y, save) => {
    (save as tf.GradSaveFunc)([x as Tensor, y as Tensor]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => [
      tf.matMul(dy, tf.transpose(saved[1]!)), // [n, m] [m, k]
      tf.matMul(tf.transpose(saved[0]!), dy), // [k, n] [n, m]
    ];
    return { value: tf.matMul(x as Tensor, y as Tensor), gradFunc };
  })(a, b) as tf.Tensor2D;
}

/**
 * `x` [..., in] times `weight` [in, out] plus `bias` [out] → [..., out]. Every position on its own
 * (15.2).
 */
export function linear(x: Tensor, weight: tf.Tensor2D, bias: tf.Tensor1D): Tensor {
  const [inSize, outSize] = weight.shape;
  const rows = tf.reshape(x, [-1, inSize]) as tf.Tensor2D;
  return tf.reshape(tf.add(matMul(rows, weight), bias), [...x.shape.slice(0, -1), outSize]);
}

/**
 * Each vector of `x` [..., width] to mean 0 and variance 1, then scaled by `weight` and moved by
 * `bias`, both [width].
 */
export function layerNorm(
  x: Tensor,
  weight: tf.Tensor1D,
  bias: tf.Tensor1D,
  epsilon: number,
): Tensor {
  return tf.customGrad((input, gain, offset, save) => {
    const mean = tf.mean(input as Tensor, -1, true);
    const centred = tf.sub(input as Tensor, mean);
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
    const normal = tf.mul(centred, inverse); // [..., width]
    (save as tf.GradSaveFunc)([normal, inverse, gain as Tensor]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const [n, inv, g] = saved as [Tensor, Tensor, Tensor];
      const rows = n.shape.slice(0, -1).map((_, axis) => axis);
      const dn = tf.mul(dy, g);
      // Mean and variance are computed from x too: what they contribute is taken off again.
      const back = tf.sub(
        tf.sub(dn, tf.mean(dn, -1, true)),
        tf.mul(n, tf.mean(tf.mul(dn, n), -1, true)),
      );
      return [tf.mul(back, inv), tf.sum(tf.mul(dy, n), rows), tf.sum(dy, rows)];
    };
    return { value: tf.add(tf.mul(normal, gain as Tensor), offset as Tensor), gradFunc };
  })(x, weight, bias);
}

/**
 * GELU in GPT-2's form: x/2 · (1 + tanh(√(2/π)(x + 0.044715 x³))), elementwise (Hendrycks and
 * Gimpel 2016).
 */
export function gelu(x: Tensor): Tensor {
  const c = 2 * Math.sqrt(2 / Math.PI); // (1 + tanh u) / 2 is sigmoid(2u), which costs far less
  return tf.customGrad((input, save) => {
    const v = input as Tensor;
    const square = tf.square(v);
    const s = tf.sigmoid(tf.mul(tf.mul(v, c), tf.add(tf.mul(square, 0.044715), 1)));
    (save as tf.GradSaveFunc)([v, square, s]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor => {
      const [w, w2, sig] = saved as [Tensor, Tensor, Tensor];
      const inner = tf.mul(tf.add(tf.mul(w2, 3 * 0.044715), 1), c); // derivative of the sigmoid's argument
      return tf.mul(dy, tf.add(sig, tf.mul(tf.mul(w, inner), tf.mul(sig, tf.sub(1, sig)))));
    };
    return { value: tf.mul(v, s), gradFunc };
  })(x);
}

/**
 * `ids` [n] → [n, size], 1 at each id and 0 elsewhere. The wasm backend's own float32 form writes
 * integer bits, so: cast.
 */
function oneHot(ids: Tensor, size: number): Tensor {
  return tf.cast(tf.oneHot(ids, size), 'float32');
}

/**
 * Row `ids[b][t]` of `table` [vocab, width] for each of `ids` [batch, seq] → [batch, seq, width].
 */
export function embedding(table: tf.Tensor2D, ids: tf.Tensor2D): tf.Tensor3D {
  const [vocabSize, width] = table.shape;
  return tf.customGrad((rows, save) => {
    // a tensor that the gradient needs outlives the forward pass only if saved
    (save as tf.GradSaveFunc)([ids]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor => {
      const chosen = oneHot(tf.reshape(saved[0]!, [-1]), vocabSize); // [batch·seq, vocab]
      return tf.matMul(tf.transpose(chosen), tf.reshape(dy, [-1, width]));
    };
    return { value: tf.gather(rows as tf.Tensor2D, ids) as Tensor, gradFunc };
  })(table) as tf.Tensor3D;
}

/**
 * Logits: the dot product of each of `x` [batch, seq, width] with every row of `table` [vocab,
 * width].
 */
export function head(x: tf.Tensor3D, table: tf.Tensor2D): tf.Tensor3D {
  const [batch, seq, width] = x.shape;
  const rows = tf.reshape(x, [-1, width]) as tf.Tensor2D;
  return tf.reshape(matMul(rows, tf.transpose(table)), [batch, seq, table.shape[0]]) as tf.Tensor3D;
}

/**
 * What each position may see: `[1 or batch, 1, seq, seq]`, 0 where allowed and a very low number
 * where hidden (16.2.3).
 */
export function attentionBias(
  seq: number,
  options: Pick<AttentionOptions, 'keyMask' | 'causal'> = {},
): tf.Tensor4D {
  return tf.tidy(() => {
    const hidden: Tensor[] = [];
    if (options.causal ?? true) {
      const at = tf.range(0, seq);
      hidden.push(
        tf.reshape(
          tf.cast(tf.greater(tf.reshape(at, [1, seq]), tf.reshape(at, [seq, 1])), 'float32'),
          [1, 1, seq, seq],
        ),
      );
    }
    if (options.keyMask)
      hidden.push(tf.sub(1, tf.reshape(options.keyMask, [options.keyMask.shape[0], 1, 1, seq])));
    if (hidden.length === 0) return tf.zeros([1, 1, seq, seq]) as tf.Tensor4D;
    const either = hidden.length === 2 ? tf.maximum(hidden[0]!, hidden[1]!) : hidden[0]!;
    return tf.mul(either, MASKED) as tf.Tensor4D;
  });
}

/**
 * Attention weights `[batch, head, seq, seq]` of queries and keys `[batch, head, seq, size]`: each
 * row sums to 1.
 */
export function attentionWeights(
  queries: tf.Tensor4D,
  keys: tf.Tensor4D,
  bias: tf.Tensor4D,
  scale: number,
): tf.Tensor4D {
  const scores = tf.mul(tf.matMul(queries, keys, false, true), scale);
  return tf.softmax(tf.add(scores, bias)) as tf.Tensor4D;
}

/** `qkv` [batch, seq, 3·width] → queries, keys and values, each [batch, head, seq, size]. */
export function splitHeads(
  qkv: tf.Tensor3D,
  nHead: number,
): [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D] {
  const [batch, seq, triple] = qkv.shape;
  const size = triple / 3 / nHead;
  const part = (x: Tensor): tf.Tensor4D =>
    tf.transpose(tf.reshape(x, [batch, seq, nHead, size]), [0, 2, 1, 3]);
  const [q, k, v] = tf.split(qkv, 3, 2) as [Tensor, Tensor, Tensor];
  return [part(q), part(k), part(v)];
}

/**
 * `[batch, head, seq, size]` → [batch, seq, head·size]: what the heads found, side by side again.
 */
export function mergeHeads(x: tf.Tensor4D): tf.Tensor3D {
  const [batch, nHead, seq, size] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, seq, nHead * size]);
}

/**
 * Multi-head self-attention (chapter 15): `qkv` [batch, seq, 3·width], the queries, keys and values
 * of all heads side by side as GPT-2 lays them, → [batch, seq, width].
 */
export function causalSelfAttention(
  qkv: tf.Tensor3D,
  nHead: number,
  options: AttentionOptions = {},
): tf.Tensor3D {
  const [q, k, v] = splitHeads(qkv, nHead);
  const scale = options.scale ?? 1 / Math.sqrt(q.shape[3]);
  const weights = attentionWeights(q, k, attentionBias(qkv.shape[1], options), scale);
  return mergeHeads(
    tf.matMul(options.dropout ? options.dropout(weights) as tf.Tensor4D : weights, v),
  );
}

/**
 * The keys and values of one layer that were computed before: `[batch, capacity, width]` each, the
 * first places in use.
 */
export interface CachedLayer {
  readonly keys: tf.Variable;
  readonly values: tf.Variable;
}

/**
 * Attention of new tokens to themselves and to `past` earlier ones (16.6.4): only the new ones are
 * in `qkv` [batch, seq, 3·width]. Their keys and values are written into `layer` from place `past`
 * on. `keyMask` [batch, past + seq] covers the earlier ones too. → [batch, seq, width]. It has no
 * gradient.
 */
export function cachedSelfAttention(
  qkv: tf.Tensor3D,
  layer: CachedLayer,
  past: number,
  nHead: number,
  options: Pick<AttentionOptions, 'keyMask' | 'scale'> = {},
): tf.Tensor3D {
  const [batch, seq, triple] = qkv.shape;
  const width = triple / 3;
  const total = past + seq;
  const capacity = layer.keys.shape[1]!;
  return tf.tidy(() => {
    const [, newKeys, newValues] = tf.split(qkv, 3, 2) as [Tensor, Tensor, Tensor];
    for (const [kept, fresh] of [[layer.keys, newKeys], [layer.values, newValues]] as const) {
      const before = tf.slice(kept, [0, 0, 0], [batch, past, width]);
      kept.assign(tf.concat([before, fresh, tf.zeros([batch, capacity - total, width])], 1));
    }
    const heads = (x: Tensor, length: number): tf.Tensor4D =>
      tf.transpose(
        tf.reshape(tf.slice(x, [0, 0, 0], [batch, length, width]), [
          batch,
          length,
          nHead,
          width / nHead,
        ]),
        [0, 2, 1, 3],
      );
    // rows of the new tokens
    const bias = tf.slice(attentionBias(total, options), [0, 0, past, 0], [
      -1,
      1,
      seq,
      total,
    ]) as tf.Tensor4D;
    const scale = options.scale ?? 1 / Math.sqrt(width / nHead);
    const weights = attentionWeights(heads(qkv, seq), heads(layer.keys, total), bias, scale);
    return mergeHeads(tf.matMul(weights, heads(layer.values, total)));
  });
}

/**
 * Mean of −log softmax(logits)[target], in nats: `logits` [n, vocab], `targets` int32 [n] → a
 * scalar.
 */
export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor1D): tf.Scalar {
  const [n, vocabSize] = logits.shape;
  return tf.customGrad((input, save) => {
    // no overflow in exp
    const shifted = tf.sub(input as Tensor, tf.max(input as Tensor, -1, true));
    const logSoftmax = tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)));
    const chosen = oneHot(targets, vocabSize);
    (save as tf.GradSaveFunc)([logSoftmax, chosen]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor =>
      tf.mul(tf.sub(tf.exp(saved[0]!), saved[1]!), tf.div(dy, n)); // (softmax − target) / n
    return { value: tf.div(tf.neg(tf.sum(tf.mul(logSoftmax, chosen))), n), gradFunc };
  })(logits) as tf.Scalar;
}

/**
 * One step of AdamW for one weight; the caller has computed what depends on the number of the step.
 */
export interface AdamWStep {
  beta1: number;
  beta2: number;
  epsilon: number;
  /** What the weight is multiplied by: 1 − learning rate · weight decay. */
  decay: number;
  /** Learning rate / (1 − beta1^t). */
  stepSize: number;
  /** 1 / √(1 − beta2^t). */
  rootScale: number;
}

/**
 * Changes `weight` and the running means of its gradient and of the gradient's square (Loshchilov
 * and Hutter 2019).
 */
export function adamWUpdate(
  weight: tf.Variable,
  gradient: Tensor,
  mean: tf.Variable,
  square: tf.Variable,
  step: AdamWStep,
): void {
  const { beta1, beta2, epsilon, decay, stepSize, rootScale } = step;
  tf.tidy(() => {
    mean.assign(tf.add(tf.mul(mean, beta1), tf.mul(gradient, 1 - beta1)));
    square.assign(tf.add(tf.mul(square, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
    const size = tf.add(tf.mul(tf.sqrt(square), rootScale), epsilon);
    weight.assign(tf.sub(tf.mul(weight, decay), tf.div(tf.mul(mean, stepSize), size)));
  });
}
