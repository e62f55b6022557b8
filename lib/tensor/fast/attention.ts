/** Self-attention on the kernels: no transposed copies, no [seq, seq] matrix of all heads. */
import type { AttentionOptions } from '../plain';
import { tf } from '../tf';
import type { Machine } from './machine';
import { wantFloats, wantShape } from './wants';

/** The fast form of `causalSelfAttention` in plain.ts. */
export function causalSelfAttention(machine: Machine, qkv: tf.Tensor3D, nHead: number, options: AttentionOptions = {}): tf.Tensor3D {
  wantFloats('causalSelfAttention', { qkv });
  const [batch, seq, triple] = qkv.shape;
  const width = triple / 3;
  const size = width / nHead;
  if (!Number.isInteger(size)) throw new RangeError(`causalSelfAttention: qkv must be 3 · nHead · size wide, got ${triple} for ${nHead} heads`);
  const { keyMask, causal = true, scale = 1 / Math.sqrt(size), dropout } = options;
  if (keyMask) {
    wantFloats('causalSelfAttention', { keyMask });
    wantShape('causalSelfAttention', 'keyMask', keyMask, [batch, seq]);
  }
  machine.reserve(machine.kernels.attentionSpace(seq, size), 0);
  machine.wake();
  // Dropout multiplies each weight by 0 or 1/(1 - rate): asked of a tensor of ones, it gives those factors.
  const keep = dropout && tf.tidy(() => dropout(tf.ones([batch, nHead, seq, seq])));
  const value = tf.customGrad((input, save) => {
    const v = input as tf.Tensor;
    const saved = [v, ...(keyMask ? [keyMask] : []), ...(keep ? [keep] : [])];
    const at = (tensor: tf.Tensor | undefined): number => (tensor ? machine.pointer(tensor) : 0);
    const out = machine.output([batch, seq, width]);
    machine.kernels.attend(at(v), at(out), batch, seq, width, nHead, scale, at(keyMask), Number(causal), at(keep));
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
