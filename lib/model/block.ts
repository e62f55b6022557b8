/**
 * One transformer block of GPT-2: what each position takes from earlier ones, then what it makes of
 * that by itself.
 */
import type { Random } from '../base/random';
import { dropout } from '../tensor/dropout';
import * as ops from '../tensor/ops';
import { tf } from '../tensor/tf';
import type { KVCache } from './cache';
import { attentionScale, type GPTConfig } from './config';
import type { Affine, AttentionMatrices, BlockWeights, MlpMatrices } from './weights';

type Tensor = tf.Tensor;

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
export function block(x: Tensor, weights: BlockWeights, options: BlockOptions): Tensor {
  const y = tf.add(x, attention(norm(x, weights.norm1, options), weights.attention, options));
  return tf.add(y, mlp(norm(y, weights.norm2, options), weights.mlp, options));
}

/** Self-attention of all heads (16.0.2): each position takes from those that it may see. */
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

/** The multi-layer perceptron: each position by itself. */
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
