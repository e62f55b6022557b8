/** Checks that must hold before a kernel follows a pointer. */
import type { tf } from '../tf';

/** @throws TypeError unless all are float32; RangeError if one is empty */
export function wantFloats(op: string, tensors: Record<string, tf.Tensor>): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor.dtype !== 'float32')
      throw new TypeError(`${op}: ${name} must be float32, got ${tensor.dtype}`);
    if (tensor.size === 0)
      throw new RangeError(
        `${op}: ${name} must not be empty, got the shape [${tensor.shape.join(', ')}]`,
      );
  }
}

/** @throws RangeError unless `tensor` has this shape */
export function wantShape(op: string, name: string, tensor: tf.Tensor,
  shape: readonly number[]): void
{
  if (
    tensor.shape.length !== shape.length || tensor.shape.some((size, axis) => size !== shape[axis])
  ) {
    throw new RangeError(
      `${op}: ${name} must have the shape [${shape.join(', ')}], got [${tensor.shape.join(', ')}]`,
    );
  }
}
