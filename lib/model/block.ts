/** One transformer block of GPT-2: what each position takes from earlier ones, then what it makes of that by itself. */
import type { Random } from '../base/random';
import { dropout } from '../tensor/dropout';
import * as ops from '../tensor/ops';
import { tf } from '../tensor/tf';
import type { KVCache } from './cache';
import { attentionScale, type GPTConfig } from './config';
import type { Affine, BlockWeights } from './weights';

/** What all blocks of one pass have in common. */
export interface PassOptions {
  /** `[batch, seq]` of 1 and 0, float32: 0 hides padding. */
  keyMask?: tf.Tensor2D;
  /** False takes the causal mask away. Default true. */
  causal?: boolean;
  /** Keys and values of earlier tokens. */
  cache?: KVCache;
  /** The source of dropout masks. Without it, dropout is off. */
  random?: Random;
}

/** What one block receives beside its input and its weights. */
export interface BlockOptions extends PassOptions {
  config: Readonly<GPTConfig>;
  /** The number of the block, from 0. */
  layer: number;
}

/** [batch, seq, width] → the same. */
export function block(x: tf.Tensor, weights: BlockWeights, options: BlockOptions): tf.Tensor {
  const attended = tf.add(
    x,
    attention(norm(x, weights.norm1, options), weights.attention, options),
  );
  return tf.add(attended, mlp(norm(attended, weights.norm2, options), weights.mlp, options));
}

/** Self-attention of all heads (16.0.2): each position takes from those that it may see. */
function attention(
  x: tf.Tensor,
  { qkv, project }: BlockWeights['attention'],
  options: BlockOptions,
): tf.Tensor {
  const { config, layer, cache, keyMask, causal, random } = options;
  const { nHead, attnPdrop, residPdrop } = config;
  const scale = attentionScale(config, layer);
  const joined = linear(x, qkv); // [batch, seq, 3·width]
  const drop = random && attnPdrop > 0
    ? (shares: tf.Tensor) => dropout(shares, attnPdrop, random)
    : undefined;
  const mixed = cache
    ? ops.cachedSelfAttention(joined, cache.layers[layer]!, cache.length, nHead, { keyMask, scale })
    : ops.causalSelfAttention(joined, nHead, { keyMask, causal, scale, dropout: drop }); // [batch, seq, width]
  return dropped(linear(mixed, project), residPdrop, random);
}

/** The multi-layer perceptron: each position by itself. */
function mlp(
  x: tf.Tensor,
  { up, down }: BlockWeights['mlp'],
  { config, random }: BlockOptions,
): tf.Tensor {
  const hidden = ops.gelu(linear(x, up)); // [batch, seq, inner]
  return dropped(linear(hidden, down), config.residPdrop, random);
}

/** Layer norm of each position. */
export function norm(
  x: tf.Tensor,
  { weight, bias }: Affine,
  { config }: Pick<BlockOptions, 'config'>,
): tf.Tensor {
  return ops.layerNorm(x, weight, bias, config.layerNormEpsilon);
}

export function linear(x: tf.Tensor, { weight, bias }: Affine): tf.Tensor {
  return ops.linear(x, weight, bias);
}

/** Dropout where there are random numbers for it. */
export function dropped(x: tf.Tensor, rate: number, random: Random | undefined): tf.Tensor {
  return random ? dropout(x, rate, random) : x;
}
