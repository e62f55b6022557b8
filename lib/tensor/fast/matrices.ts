/** Matrix products on the kernels: a transposed matrix is read in place. */
import { tf } from '../tf';
import type { Machine } from './machine';
import { wantFloats, wantShape } from './tensor-checks';

/** A matrix in memory: element (i, j) lies `i · rowStep + j · columnStep` numbers after `at`. */
interface Matrix {
  at: number;
  rowStep: number;
  columnStep: number;
}

/**
 * c [m, n] = a [m, k] b [k, n], plus `bias` [n] if given; column sums of b to `sums` [n] if given.
 * Pointers are byte offsets.
 */
export function multiply(machine: Machine, a: Matrix, b: Matrix, c: number, m: number, n: number,
  k: number, bias = 0, sums = 0): void
{
  machine.reserve(machine.kernels.gemmOwn(k), machine.kernels.gemmShared(n, k));
  machine.kernels.gemm(a.at, a.rowStep, a.columnStep, b.at, b.rowStep, b.columnStep, c, n, m, n, k,
    bias, 0, sums);
}

const rowMajor = (at: number, columns: number): Matrix => ({ at, rowStep: columns, columnStep: 1 });
const transposed = (at: number, columns: number): Matrix => ({ at, rowStep: 1,
  columnStep: columns });

/**
 * The fast form of `linear` in plain.ts: the matrix kernel also adds the bias and sums its
 * gradient.
 */
export function linear(machine: Machine, x: tf.Tensor, weight: tf.Tensor,
  bias: tf.Tensor): tf.Tensor
{
  wantFloats('linear', { x, weight, bias });
  const [inSize, outSize] = weight.shape as [number, number];
  wantShape('linear', 'x', x, [...x.shape.slice(0, -1), inSize]);
  wantShape('linear', 'bias', bias, [outSize]);
  const rows = x.size / inSize;
  return tf.customGrad((input, matrix, offset, save) => {
    const [v, w] = [input as tf.Tensor, matrix as tf.Tensor];
    const value = machine.output([...v.shape.slice(0, -1), outSize]);
    multiply(machine, rowMajor(machine.pointer(v), inSize), rowMajor(machine.pointer(w), outSize),
      machine.pointer(value), rows, outSize, inSize, machine.pointer(offset as tf.Tensor));
    (save as tf.GradSaveFunc)([v, w]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [dx, dw, db] = [
        machine.output(x.shape),
        machine.output([inSize, outSize]),
        machine.output([outSize]),
      ];
      const d = machine.pointer(dy);
      multiply(machine, rowMajor(d, outSize), transposed(machine.pointer(saved[1]!), outSize),
        machine.pointer(dx), rows, inSize, outSize);
      multiply(machine, transposed(machine.pointer(saved[0]!), inSize), rowMajor(d, outSize),
        machine.pointer(dw), inSize, outSize, rows, 0, machine.pointer(db));
      return [dx, dw, db];
    };
    return { value, gradFunc };
  })(x, weight, bias);
}

/** The fast form of `head` in plain.ts. */
export function head(machine: Machine, x: tf.Tensor, table: tf.Tensor): tf.Tensor3D {
  wantFloats('head', { x, table });
  const [vocab, width] = table.shape as [number, number];
  const [batch, seq] = x.shape as [number, number, number];
  wantShape('head', 'x', x, [batch, seq, width]);
  const rows = x.size / width;
  return tf.customGrad((input, rowsOfTable, save) => {
    const [v, t] = [input as tf.Tensor, rowsOfTable as tf.Tensor];
    const value = machine.output([batch, seq, vocab]);
    multiply(machine, rowMajor(machine.pointer(v), width), transposed(machine.pointer(t), width),
      machine.pointer(value), rows, vocab, width);
    (save as tf.GradSaveFunc)([v, t]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [dx, dtable] = [machine.output(x.shape), machine.output([vocab, width])];
      const d = machine.pointer(dy);
      multiply(machine, rowMajor(d, vocab), rowMajor(machine.pointer(saved[1]!), width),
        machine.pointer(dx), rows, width, vocab);
      multiply(machine, transposed(d, vocab), rowMajor(machine.pointer(saved[0]!), width),
        machine.pointer(dtable), vocab, width, rows);
      return [dx, dtable];
    };
    return { value, gradFunc };
  })(x, table) as tf.Tensor3D;
}
