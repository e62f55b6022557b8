/**
 * The operations that the model calls: each runs on the fast kernels where they are at hand, else
 * in its plain form.
 */
import * as attention from './fast/attention';
import { decodeStep as fastDecodeStep, MOST_ROWS, type Network, type Step } from './fast/decode';
import { machine } from './fast/machine';
import * as matrices from './fast/matrices';
import { adamWUpdate as fastAdamWUpdate } from './fast/adamw';
import * as fastRows from './fast/norm-and-gelu';
import * as tokens from './fast/embedding-and-loss';
import * as plain from './plain';
import type { tf } from './tf';

export type { Network } from './fast/decode';

/** `a` [n, k] times `b` [k, m] → [n, m]. */
export function matMul(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const fast = machine();
  return fast ? matrices.matMul(fast, a, b) : plain.matMul(a, b);
}

/** `x` [..., in] times `weight` [in, out] plus `bias` [out] → [..., out]. */
export function linear(x: tf.Tensor, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor {
  const fast = machine();
  return fast ? matrices.linear(fast, x, weight, bias) : plain.linear(x, weight, bias);
}

/**
 * Each vector of `x` [..., width] to mean 0 and variance 1, then scaled by `weight` and moved by
 * `bias`, both [width].
 */
export function layerNorm(
  x: tf.Tensor,
  weight: tf.Tensor1D,
  bias: tf.Tensor1D,
  epsilon: number,
): tf.Tensor {
  const fast = machine();
  return fast
    ? fastRows.layerNorm(fast, x, weight, bias, epsilon)
    : plain.layerNorm(x, weight, bias, epsilon);
}

/** GELU in GPT-2's form, elementwise. */
export function gelu(x: tf.Tensor): tf.Tensor {
  const fast = machine();
  return fast ? fastRows.gelu(fast, x) : plain.gelu(x);
}

/**
 * Row `ids[b][t]` of `table` [vocab, width] for each of `ids` [batch, seq] → [batch, seq, width].
 */
export function embedding(table: tf.Tensor2D, ids: tf.Tensor2D): tf.Tensor3D {
  const fast = machine();
  return fast ? tokens.embedding(fast, table, ids) : plain.embedding(table, ids);
}

/**
 * Logits: the dot product of each of `x` [batch, seq, width] with every row of `table` [vocab,
 * width].
 */
export function head(x: tf.Tensor3D, table: tf.Tensor2D): tf.Tensor3D {
  const fast = machine();
  return fast ? matrices.head(fast, x, table) : plain.head(x, table);
}

/** Multi-head self-attention: `qkv` [batch, seq, 3·width] → [batch, seq, width]. */
export function causalSelfAttention(
  qkv: tf.Tensor3D,
  nHead: number,
  options: plain.AttentionOptions = {},
): tf.Tensor3D {
  const fast = machine();
  return fast
    ? attention.causalSelfAttention(fast, qkv, nHead, options)
    : plain.causalSelfAttention(qkv, nHead, options);
}

/**
 * Attention of new tokens to themselves and to `past` earlier ones, whose keys and values `layer`
 * holds; see plain.ts.
 */
export function cachedSelfAttention(
  qkv: tf.Tensor3D,
  layer: plain.CachedLayer,
  past: number,
  nHead: number,
  options: Pick<plain.AttentionOptions, 'keyMask' | 'scale'> = {},
): tf.Tensor3D {
  const fast = machine();
  return fast
    ? attention.cachedSelfAttention(fast, qkv, layer, past, nHead, options)
    : plain.cachedSelfAttention(qkv, layer, past, nHead, options);
}

/**
 * A whole step of decoding at once, or undefined where the kernels cannot: then the model takes it
 * op by op.
 */
export function decodeStep(
  network: Network,
  caches: readonly plain.CachedLayer[],
  step: Step,
): tf.Tensor3D | undefined {
  const fast = step.ids.length <= MOST_ROWS ? machine() : undefined;
  return fast && fastDecodeStep(fast, network, caches, step);
}

/**
 * Mean of −log softmax(logits)[target], in nats: `logits` [n, vocab], `targets` int32 [n] → a
 * scalar.
 */
export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor1D): tf.Scalar {
  const fast = machine();
  return fast ? tokens.crossEntropy(fast, logits, targets) : plain.crossEntropy(logits, targets);
}

/**
 * Changes `weight` and the running means of its gradient and of the gradient's square by one step
 * of AdamW.
 */
export function adamWUpdate(
  weight: tf.Variable,
  gradient: tf.Tensor,
  mean: tf.Variable,
  square: tf.Variable,
  step: plain.AdamWStep,
): void {
  const fast = machine();
  return fast
    ? fastAdamWUpdate(fast, weight, gradient, mean, square, step)
    : plain.adamWUpdate(weight, gradient, mean, square, step);
}
