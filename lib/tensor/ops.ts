/**
 * The operations that the model calls. Each runs on the fast kernels if they are available,
 * otherwise in its plain form. plain.ts documents the shapes.
 */
import * as adamw from './fast/adamw';
import * as attention from './fast/attention';
import { currentMachine } from './fast/current-machine';
import * as ends from './fast/embedding-and-loss';
import type { Machine } from './fast/machine';
import * as matrices from './fast/matrices';
import * as norms from './fast/norm-and-gelu';
import * as plain from './plain';

export { type Buffer, rowKernels } from './fast/row-kernels';

/** One function from the two forms of an operation, which take the same arguments. */
function either<A extends unknown[], R>(
  fast: (...args: [Machine, ...A]) => R,
  slow: (...a: A) => R,
) {
  return (...args: A): R => {
    const kernels = currentMachine();
    return kernels ? fast(kernels, ...args) : slow(...args);
  };
}

export const linear = either(matrices.linear, plain.linear);
export const head = either(matrices.head, plain.head);
export const layerNorm = either(norms.layerNorm, plain.layerNorm);
export const gelu = either(norms.gelu, plain.gelu);
export const embedding = either(ends.embedding, plain.embedding);
export const crossEntropy = either(ends.crossEntropy, plain.crossEntropy);
export const causalSelfAttention = either(attention.causalSelfAttention, plain.causalSelfAttention);
export const cachedSelfAttention = either(attention.cachedSelfAttention, plain.cachedSelfAttention);
export const adamWUpdate = either(adamw.adamWUpdate, plain.adamWUpdate);
