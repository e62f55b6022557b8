/** The two ends of a language model on the kernels: the embedding, and the loss. */
import { tf } from '../tf';
import type { Machine } from './machine';
import { wantFloats, wantShape } from './tensor-checks';

/** The fast form of `embedding` in plain.ts; ids outside the table are refused. */
export function embedding(machine: Machine, table: tf.Tensor, ids: tf.Tensor2D): tf.Tensor3D {
  wantFloats('embedding', { table });
  wantIds('embedding', 'ids', ids);
  const [vocab, width] = table.shape as [number, number];
  const indices = machine.integers(machine.pointer(ids), ids.size);
  const outside = indices.find((id) => id < 0 || id >= vocab);
  if (outside !== undefined)
    throw new RangeError(`embedding: ids must be from 0 to ${vocab - 1}, got ${outside}`);
  return tf.customGrad((rows, save) => {
    const value = machine.output([...ids.shape, width]);
    machine.kernels.gatherRows(machine.pointer(rows as tf.Tensor), machine.pointer(ids),
      machine.pointer(value), ids.size, width);
    (save as tf.GradSaveFunc)([ids]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const dtable = machine.output([vocab, width]);
      machine.kernels.scatterRows(machine.pointer(dy), machine.pointer(saved[0]!),
        machine.pointer(dtable), ids.size, width, vocab);
      return dtable;
    };
    return { value, gradFunc };
  })(table) as tf.Tensor3D;
}

/**
 * The fast form of `crossEntropy` in plain.ts; a target outside the vocabulary makes the loss NaN.
 */
export function crossEntropy(machine: Machine, logits: tf.Tensor2D,
  targets: tf.Tensor1D): tf.Scalar
{
  wantFloats('crossEntropy', { logits });
  wantIds('crossEntropy', 'targets', targets);
  const [n, vocab] = logits.shape;
  wantShape('crossEntropy', 'targets', targets, [n]);
  return tf.customGrad((input, save) => {
    const at = (tensor: tf.Tensor | undefined): number => machine.pointer(tensor!);
    // `losses` has room for n float64
    const [value, probabilities, losses] = [
      machine.output([]),
      machine.output([n, vocab]),
      machine.output([n, 2]),
    ];
    machine.kernels.crossEntropy(at(input as tf.Tensor), at(targets), at(probabilities), at(losses),
      n, vocab);
    machine.kernels.meanLoss(at(losses), n, at(value));
    (save as tf.GradSaveFunc)([probabilities, targets]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const dlogits = machine.output([n, vocab]);
      machine.kernels.crossEntropyBack(at(saved[0]), at(saved[1]), at(dy), at(dlogits), n, vocab);
      return dlogits;
    };
    return { value, gradFunc };
  })(logits) as tf.Scalar;
}

function wantIds(op: string, name: string, ids: tf.Tensor): void {
  if (ids.dtype !== 'int32') throw new TypeError(`${op}: ${name} must be int32, got ${ids.dtype}`);
  if (ids.size === 0)
    throw new RangeError(
      `${op}: ${name} must not be empty, got the shape [${ids.shape.join(', ')}]`,
    );
}
