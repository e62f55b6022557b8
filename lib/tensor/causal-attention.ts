/**
 * Self-attention in TensorFlow.js, with its causal mask, its padding mask and its KV cache: the
 * form to read first. The fast forms have the same names and results (see ops.ts); a test holds the
 * two equal in value and gradient.
 */
import { tf } from './tf';

type Tensor = tf.Tensor;
type Tensor4D = tf.Tensor4D;

/** Options of {@link causalSelfAttention}. */
export interface AttentionOptions {
  /**
   * `[batch, seq]` of 1 (a real token) and 0 (padding, which no position may attend to). Default:
   * all real.
   */
  keyMask?: tf.Tensor2D;
  /**
   * Whether position i may not attend to positions after i. Default true; false lets training cheat
   * (16.2.3).
   */
  causal?: boolean;
  /** The factor that scales the dot products. Default 1/√(size of a head). */
  scale?: number;
  /** Applied to the attention weights `[batch, head, seq, seq]`, in training only. */
  dropout?: (weights: Tensor) => Tensor;
}

/**
 * The keys and values of earlier tokens in one layer: `[batch, capacity, width]` each, of which the
 * first positions are in use.
 */
export interface CachedLayer {
  readonly keys: tf.Variable;
  readonly values: tf.Variable;
}

/** The options that hide keys. */
type Masks = Pick<AttentionOptions, 'keyMask' | 'causal'>;

/**
 * A masked score: so far below every real score that float32 loses the real one in the sum, but
 * finite. So a query without a real key gives all keys the same weight, and does not become NaN.
 */
const MASKED = -1e30;

/**
 * The mask that is added to the scores (16.2.3): `[1 or batch, 1, seq, seq]`, 0 where a position
 * may attend and a very low number where it may not.
 */
export function attentionBias(seq: number, { causal = true, keyMask }: Masks = {}): Tensor4D {
  return tf.tidy(() => {
    const [keys, queries] = [tf.reshape(tf.range(0, seq), [1, seq]), tf.range(0, seq)];
    const isLater = tf.greater(keys, tf.reshape(queries, [seq, 1])); // [query, key]
    const later = tf.reshape(tf.cast(isLater, 'float32'), [1, 1, seq, seq]);
    const future = tf.mul<Tensor4D>(later, Number(causal));
    if (!keyMask) return tf.mul(future, MASKED);
    const padding = tf.reshape(tf.sub(1, keyMask), [keyMask.shape[0], 1, 1, seq]);
    return tf.mul(tf.maximum<Tensor4D>(future, padding), MASKED);
  });
}

/**
 * Attention weights `[batch, head, seq, seq]` of queries and keys `[batch, head, seq, size]`: each
 * row sums to 1.
 */
export function attentionWeights(
  q: Tensor4D,
  k: Tensor4D,
  bias: Tensor4D,
  scale: number,
): Tensor4D {
  const scores = tf.mul(tf.matMul(q, k, false, true), scale);
  return tf.softmax(tf.add(scores, bias)) as Tensor4D;
}

/** `x` [batch, seq, head·size] → [batch, head, seq, size]: each head with a matrix of its own. */
function separateHeads(x: Tensor, nHead: number): Tensor4D {
  const [batch, seq, width] = x.shape as [number, number, number];
  return tf.transpose(tf.reshape(x, [batch, seq, nHead, width / nHead]), [0, 2, 1, 3]);
}

/**
 * `[batch, head, seq, size]` → [batch, seq, head·size]: the outputs of the heads, side by side
 * again.
 */
function mergeHeads(x: Tensor4D): tf.Tensor3D {
  const [batch, nHead, seq, size] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, seq, nHead * size]);
}

/** `qkv` [batch, seq, 3·width] → queries, keys and values, each [batch, head, seq, size]. */
export function splitHeads(qkv: Tensor, nHead: number): [Tensor4D, Tensor4D, Tensor4D] {
  const [queries, keys, values] = tf.split(qkv, 3, 2).map((part) => separateHeads(part, nHead));
  return [queries!, keys!, values!];
}

/**
 * Multi-head self-attention (16.0.2, 16.2.3): `qkv` [batch, seq, 3·width], the queries, keys and
 * values of all heads side by side as GPT-2 lays them out, → [batch, seq, width].
 */
export function causalSelfAttention(
  qkv: Tensor,
  nHead: number,
  options: AttentionOptions = {},
): tf.Tensor3D {
  const [queries, keys, values] = splitHeads(qkv, nHead);
  const scale = options.scale ?? 1 / Math.sqrt(queries.shape[3]);
  const weights = attentionWeights(queries, keys, attentionBias(qkv.shape[1]!, options), scale);
  const kept = options.dropout ? options.dropout(weights) as Tensor4D : weights;
  return mergeHeads(tf.matMul(kept, values));
}

/**
 * Attention of new tokens to themselves and to `past` earlier ones (16.6.2): only the new ones are
 * in `qkv` [batch, seq, 3·width]. Their keys and values are written into `layer` from position
 * `past` on. `keyMask` [batch, past + seq] covers the earlier ones too. → [batch, seq, width]. It
 * has no gradient.
 */
export function cachedSelfAttention(
  qkv: Tensor,
  layer: CachedLayer,
  past: number,
  nHead: number,
  options: Pick<AttentionOptions, 'keyMask' | 'scale'> = {},
): tf.Tensor3D {
  const [batch, seq, triple] = qkv.shape as [number, number, number];
  const [width, total] = [triple / 3, past + seq];
  return tf.tidy(() => {
    const [queries, newKeys, newValues] = tf.split(qkv, 3, 2);
    const first = (x: Tensor, length: number): Tensor =>
      tf.slice(x, [0, 0, 0], [batch, length, width]);
    for (const [kept, fresh] of [[layer.keys, newKeys!], [layer.values, newValues!]] as const) {
      const free = tf.zeros([batch, kept.shape[1]! - total, width]);
      kept.assign(tf.concat([first(kept, past), fresh, free], 1));
    }
    const heads = (x: Tensor): Tensor4D => separateHeads(x, nHead);
    // rows of the new tokens
    const bias = tf.slice(attentionBias(total, options), [0, 0, past, 0], [-1, 1, seq, total]);
    const scale = options.scale ?? 1 / Math.sqrt(width / nHead);
    const weights = attentionWeights(heads(queries!), heads(first(layer.keys, total)), bias, scale);
    return mergeHeads(tf.matMul(weights, heads(first(layer.values, total))));
  });
}
