/**
 * The kernels for one decoding step: one new token in each of a few sequences. They work on buffers
 * that are allocated once for the step, so that the logits are the only tensor that is made.
 */
import type { CachedLayer } from '../causal-attention';
import type { tf } from '../tf';
import { attendToCache } from './attention';
import { currentMachine } from './current-machine';
import type { Machine } from './machine';

/**
 * The most sequences of one step: with more, packing the weights for the matrix kernel pays off.
 */
const MOST_ROWS = 16;

/**
 * Sizes of the buffers: the number of rows, the widest vector of a row, and the number of keys of a
 * row, with the new one.
 */
interface RowSizes {
  readonly rows: number;
  /** The most numbers of a row that a matrix reads or writes. */
  readonly widest: number;
  /** Keys of a row in the cache, the new one included. */
  readonly keys: number;
  /** The numbers of a row in all buffers together. */
  readonly numbers: number;
}

/** Rows of numbers in memory. */
export interface Buffer {
  readonly at: number;
}

/** A matrix or the gain of a norm, and its bias. */
interface Affine {
  readonly weight: tf.Tensor;
  readonly bias: tf.Tensor;
}

/**
 * The kernels for a step of this size; undefined if they cannot run, or if the step is too large
 * for them to pay off.
 */
export function rowKernels(sizes: RowSizes): RowKernels | undefined {
  const machine = sizes.rows <= MOST_ROWS ? currentMachine() : undefined;
  return machine && new RowKernels(machine, sizes);
}

class RowKernels {
  private readonly memory: number;
  private end: number;

  constructor(private readonly machine: Machine, private readonly sizes: RowSizes) {
    const { rows, widest, numbers } = sizes;
    const { kernels } = machine;
    const shared = Math.max(kernels.linearRowsShared(rows, widest),
      kernels.dotsShared(rows, widest));
    machine.reserve(kernels.linearRowsOwn(), shared);
    this.memory = machine.allocate(4 * rows * numbers);
    this.end = this.memory;
  }

  /** Memory for `width` numbers a row. @throws Error if the buffers would exceed their size */
  buffer(width: number): Buffer {
    const at = this.end;
    this.end += 4 * this.sizes.rows * width;
    if (this.end > this.memory + 4 * this.sizes.rows * this.sizes.numbers)
      throw new Error(`the buffers of a step were to hold ${this.sizes.numbers} numbers a row`);
    return { at };
  }

  /**
   * A buffer of integers, one a row, to be used as row numbers of a table of `below` rows.
   * @throws RangeError if there are more or fewer, or one is outside: kernels would read past the
   *   table
   */
  private integers(values: readonly number[], below: number): Buffer {
    const { rows } = this.sizes;
    if (values.length !== rows || !values.every((v) => Number.isInteger(v) && v >= 0 && v < below))
      throw new RangeError(
        `want ${rows} integers from 0 to ${below - 1}, got ${values.join(', ')}`,
      );
    const buffer = this.buffer(1);
    this.machine.integers(buffer.at, values.length).set(values);
    return buffer;
  }

  /**
   * A buffer of the 1s and 0s of each row's keys, the new one included.
   * @throws RangeError on a different shape
   */
  mask(rows: readonly (readonly number[])[]): Buffer {
    const { keys } = this.sizes;
    if (rows.length !== this.sizes.rows || rows.some((row) => row.length !== keys))
      throw new RangeError(`want a mask of ${this.sizes.rows} rows of ${keys}`);
    const buffer = this.buffer(keys);
    rows.forEach((row, r) => this.machine.view(buffer.at + 4 * r * keys, keys).set(row));
    return buffer;
  }

  /** to = tokens[ids] + positions[places]. @throws RangeError if a table has no such row */
  embed(
    tokens: tf.Tensor,
    tokenIds: readonly number[],
    positions: tf.Tensor,
    positionIds: readonly number[],
    to: Buffer,
  ): void {
    const width = tokens.shape[1]!;
    const { kernels } = this.machine;
    const ids = this.integers(tokenIds, tokens.shape[0]);
    const places = this.integers(positionIds, positions.shape[0]);
    kernels.gatherRows(this.machine.pointer(tokens), ids.at, to.at, this.sizes.rows, width);
    kernels.addRows(this.machine.pointer(positions), places.at, to.at, this.sizes.rows, width);
  }

  layerNorm(from: Buffer, { weight, bias }: Affine, epsilon: number, to: Buffer): void {
    const { machine } = this;
    const [gain, offset] = [machine.pointer(weight), machine.pointer(bias)];
    machine.kernels.layerNorm(from.at, gain, offset, to.at, 0, this.sizes.rows, weight.size,
      epsilon);
  }

  /** to = from · weight + bias. */
  linear(from: Buffer, affine: Affine, to: Buffer): void {
    this.multiply(from, affine, to, 0);
  }

  /** to += from · weight + bias. */
  addLinear(from: Buffer, affine: Affine, to: Buffer): void {
    this.multiply(from, affine, to, 1);
  }

  /** GELU of `width` numbers a row, in place. */
  gelu(x: Buffer, width: number): void {
    this.machine.kernels.gelu(x.at, x.at, this.sizes.rows * width);
  }

  /**
   * Stores the new keys and values in `layer`, then attends to all of them: qkv [3·width] a row →
   * to [width] a row.
   */
  attend(qkv: Buffer, layer: CachedLayer, nHead: number, scale: number, mask: Buffer | undefined,
    to: Buffer): void
  {
    const [, capacity, width] = layer.keys.shape as [number, number, number];
    const [keys, values] = [this.machine.pointer(layer.keys), this.machine.pointer(layer.values)];
    attendToCache(this.machine, {
      qkv: qkv.at,
      keys,
      values,
      out: to.at,
      keyMask: mask?.at ?? 0,
      batch: this.sizes.rows,
      seq: 1,
      width,
      nHead,
      past: this.sizes.keys - 1,
      capacity,
      scale,
    });
  }

  /**
   * The dot products of each row with every row of `table` [vocab, width] → a tensor [rows, 1,
   * vocab].
   */
  head(from: Buffer, table: tf.Tensor): tf.Tensor3D {
    const [vocab, width] = table.shape as [number, number];
    const logits = this.machine.output([this.sizes.rows, 1, vocab]);
    const [entries, to] = [this.machine.pointer(table), this.machine.pointer(logits)];
    this.machine.kernels.dots(from.at, entries, to, this.sizes.rows, width, vocab);
    return logits as tf.Tensor3D;
  }

  /** Frees the buffers. */
  free(): void {
    this.machine.free(this.memory);
  }

  private multiply(from: Buffer, { weight, bias }: Affine, to: Buffer, add: 0 | 1): void {
    const { machine } = this;
    const [inSize, outSize] = weight.shape as [number, number];
    const [matrix, offset] = [machine.pointer(weight), machine.pointer(bias)];
    machine.kernels.linearRows(from.at, matrix, offset, to.at, this.sizes.rows, inSize, outSize,
      add);
  }
}
