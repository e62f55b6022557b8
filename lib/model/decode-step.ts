/**
 * The walk of {@link GPT.forward} once more, for one new token in each of a few sequences: the same
 * operations on buffers instead of tensors, which is several times faster. Tests hold the two
 * equal.
 */
import { type Buffer, rowKernels } from '../tensor/ops';
import type { tf } from '../tensor/tf';
import type { KVCache } from './cache';
import { attentionScale, type GPTConfig } from './config';
import type { Input } from './inputs';
import type { Weights } from './weights';

/** The parts of a model that a step needs. */
type Model = Readonly<{ config: GPTConfig; weights: Weights }>;

/**
 * Logits [batch, 1, vocab] of the newest tokens; their keys and values are written into `cache`.
 * Returns undefined, and does nothing, if the kernels cannot run or the batch is too large for
 * them.
 */
export function decodeStep(model: Model, cache: KVCache, input: Input): tf.Tensor3D | undefined {
  const { config, weights } = model;
  const { nEmbd: width, nHead, layerNormEpsilon: epsilon } = config;
  const inner = config.nInner ?? 4 * width;
  const [rows, keys] = [input.rows.length, cache.length + 1];
  const numbers = 6 * width + inner + 2 + keys; // the buffers below
  const kernels = rowKernels({ rows, widest: Math.max(width, inner), keys, numbers });
  if (!kernels) return undefined;
  try {
    const buffer = (size: number): Buffer => kernels.buffer(size);
    const [x, normed, mixed] = [buffer(width), buffer(width), buffer(width)];
    const [qkv, hidden] = [buffer(3 * width), buffer(inner)];
    const isShared = input.positions.length < rows; // one row of positions for all
    const places = isShared ? input.rows.map(() => cache.length) : input.positions.flat();
    const mask = input.mask && kernels.mask(input.mask);

    kernels.embed(weights.tokens, input.rows.flat(), weights.positions, places, x);
    weights.blocks.forEach(({ norm1, attention, norm2, mlp }, layer) => {
      kernels.layerNorm(x, norm1, epsilon, normed);
      kernels.linear(normed, attention.qkv, qkv);
      kernels.attend(qkv, cache.layers[layer]!, nHead, attentionScale(config, layer), mask, mixed);
      kernels.addLinear(mixed, attention.project, x);
      kernels.layerNorm(x, norm2, epsilon, normed);
      kernels.linear(normed, mlp.up, hidden);
      kernels.gelu(hidden, inner);
      kernels.addLinear(hidden, mlp.down, x);
    });
    kernels.layerNorm(x, weights.lastNorm, epsilon, normed);
    return kernels.head(normed, weights.head);
  } finally {
    kernels.free();
  }
}
