/** What a model may be given: checked whole, with one clear error, before any tensor is made. */
import { check, shown } from '../base/checks';
import { tf } from '../tensor/tf';
import type { GPTConfig } from './config';

/** Rows of numbers, or an int32 tensor `[batch, seq]` of them. */
export type Ids = Rows | tf.Tensor2D;

/** Rows of numbers, such as token ids [batch][seq]. */
export type Rows = readonly (readonly number[])[];

/** What a pass reads. */
export interface Input {
  readonly rows: Rows; // [batch][seq]
  /** [batch][seq], or one row for all. */
  readonly positions: Rows;
  /** [batch][past + seq] of 1 and 0. */
  readonly mask?: Rows;
}

/** Rows of numbers from either form. A tensor is read, not disposed. */
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
    throw new RangeError(
      'inputIds must hold at least one row of at least one token, got an empty one',
    );
  rows.forEach((row, b) => {
    if (row.length === seq) return;
    throw new RangeError(
      `rows must have one length: row 0 has ${seq} tokens, row ${b} has ${row.length}; pad the shorter ones and pass attentionMask`,
    );
  });
  checkTokens(rows, config.vocabSize);
  if (past + seq <= config.nPositions) return;
  throw new RangeError(
    `the context holds ${config.nPositions} tokens (nPositions), got ${
      past + seq
    }; keep only the most recent ones`,
  );
}

/**
 * Checks that all ids of rows of any lengths are integers inside the vocabulary.
 * @throws RangeError naming the row and position of the first that is not
 */
export function checkTokens(rows: Rows, vocabSize: number): void {
  checkNumbers('token ids', rows, vocabSize - 1);
}

/**
 * Checks that `rows` has the shape [batch, seq] and only integers from 0 to `most`.
 * @throws RangeError naming the row and position of the first fault
 */
export function checkGrid(
  name: string,
  rows: Rows,
  batch: number,
  seq: number,
  most: number,
): void {
  checkRows(name, rows, 'rows of numbers');
  if (rows.length !== batch || rows.some((row) => row.length !== seq)) {
    throw new RangeError(
      `${name} must have the shape [${batch}, ${seq}], got rows of ${
        rows.map((row) => row.length).join(', ') || 'nothing'
      }`,
    );
  }
  checkNumbers(name, rows, most);
}

function checkRows(name: string, rows: unknown, wanted: string): void {
  if (Array.isArray(rows) && rows.every((row) => Array.isArray(row))) return;
  throw new TypeError(`${name} must be ${wanted} (number[][]), got ${shown(rows)}`);
}

/** Not by `forEach`, which skips the holes of an array such as `new Array(3)`. */
function checkNumbers(name: string, rows: Rows, most: number): void {
  for (const [b, row] of rows.entries()) {
    for (const [t, value] of row.entries()) {
      if (Number.isInteger(value) && value >= 0 && value <= most) continue;
      throw new RangeError(
        `${name} must be integers from 0 to ${most}, got ${value} in row ${b} at position ${t}`,
      );
    }
  }
}
