/**
 * One transformer block of GPT-2: attention, in which each position reads earlier ones, then an MLP
 * at each position separately.
 */
import type { Random } from '../base/random';
import { dropout } from '../tensor/dropout';
import * as ops from '../tensor/ops';
import { tf } from '../tensor/tf';
import type { KVCache } from './cache';
import { attentionScale, type GPTConfig } from './config';
import type { Affine, AttentionMatrices, BlockWeights, MlpMatrices } from './weights';

type Tensor = tf.Tensor;

/** The options that all blocks of one pass share. */
export interface PassOptions {
  /** `[batch, seq]` of 1 and 0, float32: 0 hides padding. */
  keyMask?: tf.Tensor2D;
  /** False removes the causal mask. Default true. */
  causal?: boolean;
  /** Keys and values of earlier tokens. */
  cache?: KVCache;
  /** The source of dropout masks. Without it, dropout is off. */
  random?: Random;
}

/** What one block receives besides its input and its weights. */
export interface BlockOptions extends PassOptions {
  config: Readonly<GPTConfig>;
  /** The number of the block, from 0. */
  layer: number;
}

/** `x` [batch, seq, width] → the same shape. */
export function block(x: Tensor, weights: BlockWeights, options: BlockOptions): Tensor {
  const y = tf.add(x, attention(norm(x, weights.norm1, options), weights.attention, options));
  return tf.add(y, mlp(norm(y, weights.norm2, options), weights.mlp, options));
}

/** Self-attention of all heads (16.0.2): each position attends to those that the masks allow. */
function attention(x: Tensor, weights: AttentionMatrices, options: BlockOptions): Tensor {
  const { config: { nHead, attnPdrop, residPdrop }, layer, cache, random, ...masks } = options;
  const drop = random && attnPdrop > 0
    ? (shares: Tensor) => dropout(shares, attnPdrop, random)
    : undefined;
  const settings = { ...masks, scale: attentionScale(options.config, layer), dropout: drop };
  const qkv = linear(x, weights.qkv); // [batch, seq, 3·width]
  const mixed = cache
    ? ops.cachedSelfAttention(qkv, cache.layers[layer]!, cache.length, nHead, settings)
    : ops.causalSelfAttention(qkv, nHead, settings); // [batch, seq, width]
  return dropout(linear(mixed, weights.project), residPdrop, random);
}

/** The multi-layer perceptron, at each position separately. */
function mlp(x: Tensor, { up, down }: MlpMatrices, { config, random }: BlockOptions): Tensor {
  const hidden = ops.gelu(linear(x, up)); // [batch, seq, inner]
  return dropout(linear(hidden, down), config.residPdrop, random);
}

/** Layer norm of each position. */
export function norm(x: Tensor, { weight, bias }: Affine, { config }: HasConfig): Tensor {
  return ops.layerNorm(x, weight, bias, config.layerNormEpsilon);
}

type HasConfig = Pick<BlockOptions, 'config'>;

function linear(x: Tensor, { weight, bias }: Affine): Tensor {
  return ops.linear(x, weight, bias);
}
