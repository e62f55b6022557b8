/** Checks of everything that a model receives, before any tensor is made. */
import { check, shown } from '../base/checks';
import { tf } from '../tensor/tf';
import type { Rows } from '../text/tokenizer';
import type { GPTConfig } from './config';

/** Rows of numbers, or an int32 tensor `[batch, seq]` of them. */
export type Ids = Rows | tf.Tensor2D;

/** The input of a pass. */
export interface Input {
  readonly rows: Rows; // [batch][seq]
  /** [batch][seq], or one row for all. */
  readonly positions: Rows;
  /** [batch][past + seq] of 1 and 0. */
  readonly mask?: Rows;
}

/** Rows of numbers from either form. A tensor is not disposed. */
export function asRows(name: string, ids: Ids): Rows {
  if (!(ids instanceof tf.Tensor)) return ids;
  check(ids.rank === 2, name, 'of the shape [batch, seq]', ids.shape);
  return ids.arraySync();
}

/**
 * Checks token ids: at least one row, all of one length of at least 1 and at most the context,
 * integers inside the vocabulary.
 * @throws RangeError naming the row and position of the first fault
 */
export function checkInputIds(rows: Rows, config: GPTConfig, past = 0): void {
  checkRows('inputIds', rows, 'rows of token ids');
  const seq = rows[0]?.length ?? 0;
  if (seq === 0)
    throw new RangeError('inputIds must hold at least one row of at least one token');
  const other = rows.findIndex((row) => row.length !== seq);
  if (other > 0) {
    const lengths = `row 0 has ${seq} tokens, row ${other} has ${rows[other]!.length}`;
    throw new RangeError(`rows must have one length: ${lengths}; pad them and pass attentionMask`);
  }
  checkTokens(rows, config.vocabSize);
  const [most, length] = [config.nPositions, past + seq];
  const came = `got ${length}; keep only the most recent ones`;
  if (length > most) throw new RangeError(`the context holds ${most} tokens (nPositions), ${came}`);
}

/**
 * Checks that all ids of rows of any lengths are integers inside the vocabulary.
 * @throws RangeError naming the row and position of the first that is not
 */
export function checkTokens(rows: Rows, vocabSize: number): void {
  checkNumbers('token ids', rows, vocabSize - 1);
}

/**
 * Checks that `rows` has the shape [batch, seq] of `shape` and only integers from 0 to `most`.
 * @throws RangeError naming the row and position of the first fault
 */
export function checkGrid(name: string, rows: Rows, shape: [number, number], most: number): void {
  checkRows(name, rows, 'rows of numbers');
  const lengths = rows.map((row) => row.length);
  if (lengths.length !== shape[0] || lengths.some((length) => length !== shape[1])) {
    const came = lengths.join(', ') || 'nothing';
    throw new RangeError(`${name} must have the shape [${shape.join(', ')}], got rows of ${came}`);
  }
  checkNumbers(name, rows, most);
}

function checkRows(name: string, rows: unknown, wanted: string): void {
  if (Array.isArray(rows) && rows.every((row) => Array.isArray(row))) return;
  throw new TypeError(`${name} must be ${wanted} (number[][]), got ${shown(rows)}`);
}

/** Does not use `forEach`, which skips the holes of an array such as `new Array(3)`. */
function checkNumbers(name: string, rows: Rows, most: number): void {
  for (const [b, row] of rows.entries()) {
    for (const [t, value] of row.entries()) {
      if (Number.isInteger(value) && value >= 0 && value <= most) continue;
      const place = `in row ${b} at position ${t}`;
      throw new RangeError(`${name} must be integers from 0 to ${most}, got ${value} ${place}`);
    }
  }
}
