/** Layer norm and GELU on the kernels: one pass over memory where TensorFlow.js makes eight. */
import { tf } from '../tf';
import type { Machine } from './machine';
import { wantFloats, wantShape } from './tensor-checks';

/** The fast form of `layerNorm` in plain.ts. */
export function layerNorm(machine: Machine, x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor,
  epsilon: number): tf.Tensor
{
  wantFloats('layerNorm', { x, weight, bias });
  const width = x.shape.at(-1) ?? 1;
  wantShape('layerNorm', 'weight', weight, [width]);
  wantShape('layerNorm', 'bias', bias, [width]);
  const rows = x.size / width;
  return tf.customGrad((input, gain, offset, save) => {
    const [v, g, o] = [input as tf.Tensor, gain as tf.Tensor, offset as tf.Tensor];
    const [value, stats] = [machine.output(x.shape), machine.output([rows, 2])];
    machine.kernels.layerNorm(machine.pointer(v), machine.pointer(g), machine.pointer(o),
      machine.pointer(value), machine.pointer(stats), rows, width, epsilon);
    (save as tf.GradSaveFunc)([v, g, stats]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [dx, dg, db] = [
        machine.output(x.shape),
        machine.output([width]),
        machine.output([width]),
      ];
      const at = (tensor: tf.Tensor | undefined): number => machine.pointer(tensor!);
      machine.kernels.layerNormBack(at(saved[0]), at(saved[1]), at(dy), at(saved[2]), at(dx),
        at(dg), at(db), rows, width);
      return [dx, dg, db];
    };
    return { value, gradFunc };
  })(x, weight, bias);
}

/** The fast form of `gelu` in plain.ts. */
export function gelu(machine: Machine, x: tf.Tensor): tf.Tensor {
  wantFloats('gelu', { x });
  return tf.customGrad((input, save) => {
    const v = input as tf.Tensor;
    const value = machine.output(v.shape);
    machine.kernels.gelu(machine.pointer(v), machine.pointer(value), v.size);
    (save as tf.GradSaveFunc)([v]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const dx = machine.output(x.shape);
      machine.kernels.geluBack(machine.pointer(saved[0]!), machine.pointer(dy), machine.pointer(dx),
        x.size);
      return dx;
    };
    return { value, gradFunc };
  })(x);
}
