/** What a model may be given: checked whole, with one clear error, before any tensor is made. */
import { tf } from '../tensor/tf';
import type { GPTConfig } from './config';

/** Rows of numbers, or an int32 tensor `[batch, seq]` of them. */
export type Ids = readonly (readonly number[])[] | tf.Tensor2D;

/** Rows of numbers from either form. A tensor is read, not disposed. */
export function asRows(name: string, ids: Ids): readonly (readonly number[])[] {
  if (!(ids instanceof tf.Tensor)) return ids;
  if (ids.rank !== 2)
    throw new RangeError(`${name} must have the shape [batch, seq], got [${ids.shape.join(', ')}]`);
  return ids.arraySync();
}

/**
 * Checks token ids: at least one row, all of one length of at least 1 and at most the context,
 * whole numbers inside the vocabulary.
 * @throws RangeError naming the row and position of the first fault
 */
export function checkInputIds(
  rows: readonly (readonly number[])[],
  config: GPTConfig,
  past = 0,
): void {
  checkRows('inputIds', rows);
  const seq = rows[0]?.length ?? 0;
  if (rows.length === 0 || seq === 0)
    throw new RangeError(
      'inputIds must hold at least one row of at least one token, got an empty one',
    );
  rows.forEach((row, b) => {
    if (row.length !== seq) {
      throw new RangeError(
        `rows must have one length: row 0 has ${seq} tokens, row ${b} has ${row.length}; pad the shorter ones and pass attentionMask`,
      );
    }
  });
  checkTokens(rows, config.vocabSize);
  if (past + seq > config.nPositions) {
    throw new RangeError(
      `the context holds ${config.nPositions} tokens (nPositions), got ${
        past + seq
      }; keep only the most recent ones`,
    );
  }
}

/**
 * Checks that all ids of rows of any lengths are whole numbers inside the vocabulary.
 * @throws RangeError naming the row and position of the first that is not
 */
export function checkTokens(rows: readonly (readonly number[])[], vocabSize: number): void {
  forEachNumber(rows, (id, b, t) => {
    if (!Number.isInteger(id) || id < 0 || id >= vocabSize) {
      throw new RangeError(
        `token ids must be whole numbers from 0 to ${
          vocabSize - 1
        }, got ${id} in row ${b} at position ${t}`,
      );
    }
  });
}

/**
 * Checks that `rows` has the shape [batch, seq] and only whole numbers from 0 to `most`.
 * @throws RangeError naming the row and position of the first fault
 */
export function checkGrid(
  name: string,
  rows: readonly (readonly number[])[],
  batch: number,
  seq: number,
  most: number,
): void {
  checkRows(name, rows);
  const lengths = rows.map((row) => row.length);
  if (rows.length !== batch || lengths.some((length) => length !== seq)) {
    throw new RangeError(
      `${name} must have the shape [${batch}, ${seq}], got rows of ${
        lengths.join(', ') || 'nothing'
      }`,
    );
  }
  forEachNumber(rows, (value, b, t) => {
    if (!Number.isInteger(value) || value < 0 || value > most) {
      throw new RangeError(
        `${name} must be whole numbers from 0 to ${most}, got ${value} in row ${b} at position ${t}`,
      );
    }
  });
}

function checkRows(name: string, rows: unknown): void {
  if (Array.isArray(rows) && rows.every((row) => Array.isArray(row))) return;
  const what = name === 'inputIds' ? 'rows of token ids' : 'rows of numbers';
  throw new TypeError(
    `${name} must be ${what} (number[][]), got ${JSON.stringify(rows)?.slice(0, 60)}`,
  );
}

/** Not `row.forEach`, which passes over the holes of an array such as `new Array(3)`. */
function forEachNumber(
  rows: readonly (readonly number[])[],
  check: (value: number, row: number, position: number) => void,
): void {
  for (let b = 0; b < rows.length; b++) {
    for (let t = 0; t < rows[b]!.length; t++) check(rows[b]![t]!, b, t);
  }
}
