/**
 * Self-attention on the kernels: without transposed copies, and without a [seq, seq] matrix of
 * weights for every head.
 */
import type { AttentionOptions, CachedLayer } from '../causal-attention';
import { tf } from '../tf';
import type { Machine } from './machine';
import { wantFloats, wantShape } from './tensor-checks';

/** The fast form of `causalSelfAttention` in causal-attention.ts. */
export function causalSelfAttention(
  machine: Machine,
  qkv: tf.Tensor,
  nHead: number,
  options: AttentionOptions = {},
): tf.Tensor3D {
  wantFloats('causalSelfAttention', { qkv });
  const [batch, seq, triple] = qkv.shape as [number, number, number];
  const width = triple / 3;
  const size = width / nHead;
  if (!Number.isInteger(size))
    throw new RangeError(
      `causalSelfAttention: qkv must be 3 · nHead · size wide, got ${triple} for ${nHead} heads`,
    );
  const { keyMask, causal = true, scale = 1 / Math.sqrt(size), dropout } = options;
  if (keyMask) {
    wantFloats('causalSelfAttention', { keyMask });
    wantShape('causalSelfAttention', 'keyMask', keyMask, [batch, seq]);
  }
  machine.reserve(machine.kernels.attentionSpace(seq, size), 0);
  // Dropout multiplies each weight by 0 or 1/(1 - rate): applied to ones, it gives those factors.
  const keep = dropout && tf.tidy(() => dropout(tf.ones([batch, nHead, seq, seq])));
  const value = tf.customGrad((input, save) => {
    const v = input as tf.Tensor;
    const saved = [v, ...(keyMask ? [keyMask] : []), ...(keep ? [keep] : [])];
    const at = (tensor: tf.Tensor | undefined): number => (tensor ? machine.pointer(tensor) : 0);
    const out = machine.output([batch, seq, width]);
    machine.kernels.attend(at(v), at(out), batch, seq, width, nHead, scale, at(keyMask),
      Number(causal), at(keep));
    (save as tf.GradSaveFunc)(saved);
    const gradFunc = (dy: tf.Tensor, kept: tf.Tensor[]): tf.Tensor => {
      const dqkv = machine.output(qkv.shape);
      machine.reserve(machine.kernels.attentionSpace(seq, size), 0);
      machine.kernels.attendBack(at(kept[0]), at(dy), at(dqkv), batch, seq, width, nHead, scale,
        keyMask ? at(kept[1]) : 0, Number(causal), keep ? at(kept.at(-1)) : 0);
      return dqkv;
    };
    return { value: out, gradFunc };
  })(qkv) as tf.Tensor3D;
  keep?.dispose();
  return value;
}

/** The fast form of `cachedSelfAttention` in causal-attention.ts. Writes the caches in place. */
export function cachedSelfAttention(
  machine: Machine,
  qkv: tf.Tensor,
  layer: CachedLayer,
  past: number,
  nHead: number,
  options: Pick<AttentionOptions, 'keyMask' | 'scale'> = {},
): tf.Tensor3D {
  wantFloats('cachedSelfAttention', { qkv, keys: layer.keys, values: layer.values });
  const [batch, seq, triple] = qkv.shape as [number, number, number];
  const [width, capacity] = [triple / 3, layer.keys.shape[1]!];
  const { keyMask, scale = 1 / Math.sqrt(width / nHead) } = options;
  for (const [name, tensor] of Object.entries({ keys: layer.keys, values: layer.values })) {
    wantShape('cachedSelfAttention', name, tensor, [batch, Math.max(capacity, past + seq), width]);
  }
  if (keyMask) {
    wantFloats('cachedSelfAttention', { keyMask });
    wantShape('cachedSelfAttention', 'keyMask', keyMask, [batch, past + seq]);
  }
  const value = machine.output([batch, seq, width]);
  attendToCache(machine, {
    qkv: machine.pointer(qkv),
    keys: machine.pointer(layer.keys),
    values: machine.pointer(layer.values),
    out: machine.pointer(value),
    keyMask: keyMask ? machine.pointer(keyMask) : 0,
    batch,
    seq,
    width,
    nHead,
    past,
    capacity,
    scale,
  });
  return value as tf.Tensor3D;
}

/** Pointers and sizes of one layer's cached attention. */
export interface CachedAttention {
  qkv: number;
  keys: number;
  values: number;
  out: number;
  keyMask: number;
  batch: number;
  seq: number;
  width: number;
  nHead: number;
  past: number;
  capacity: number;
  scale: number;
}

/**
 * Stores the new keys and values, then attends; if the cache was empty, with the kernel for whole
 * sequences.
 */
export function attendToCache(machine: Machine, a: CachedAttention): void {
  const { kernels } = machine;
  kernels.keepRows(a.qkv, a.keys, a.values, a.batch, a.seq, a.width, a.past, a.capacity);
  if (a.past === 0 && a.seq > 1) {
    machine.reserve(kernels.attentionSpace(a.seq, a.width / a.nHead), 0);
    kernels.attend(a.qkv, a.out, a.batch, a.seq, a.width, a.nHead, a.scale, a.keyMask, 1, 0);
  } else {
    machine.reserve(kernels.attendCachedOwn(a.past + a.seq), 0);
    kernels.attendCached(a.qkv, a.keys, a.values, a.out, a.batch, a.seq, a.width, a.nHead, a.past,
      a.capacity, a.scale, a.keyMask);
  }
}
