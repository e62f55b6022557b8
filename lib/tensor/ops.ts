/**
 * The operations that the model calls. Each runs on the fast kernels where they are available, else
 * in its plain form, where its shapes are documented: plain.ts and causal-attention.ts.
 */
import * as causal from './causal-attention';
import * as adamw from './fast/adamw';
import * as fused from './fast/attention';
import { currentMachine } from './fast/current-machine';
import * as ends from './fast/embedding-and-loss';
import type { Machine } from './fast/machine';
import * as matrices from './fast/matrices';
import * as norms from './fast/norm-and-gelu';
import * as plain from './plain';

export { type Buffer, rowKernels } from './fast/row-kernels';

type Form<A extends unknown[], R> = (...args: A) => R;

/** One function from the two forms of an operation, which take the same arguments. */
function either<A extends unknown[], R>(fast: Form<[Machine, ...A], R>, plain: Form<A, R>) {
  return (...args: A): R => {
    const kernels = currentMachine();
    return kernels ? fast(kernels, ...args) : plain(...args);
  };
}

export const linear = either(matrices.linear, plain.linear);
export const head = either(matrices.head, plain.head);
export const layerNorm = either(norms.layerNorm, plain.layerNorm);
export const gelu = either(norms.gelu, plain.gelu);
export const embedding = either(ends.embedding, plain.embedding);
export const crossEntropy = either(ends.crossEntropy, plain.crossEntropy);
export const causalSelfAttention = either(fused.causalSelfAttention, causal.causalSelfAttention);
export const cachedSelfAttention = either(fused.cachedSelfAttention, causal.cachedSelfAttention);
export const adamWUpdate = either(adamw.adamWUpdate, plain.adamWUpdate);
