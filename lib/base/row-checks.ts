/** Checks of rows of numbers: token ids, masks, positions, logits. */
import { check, shown } from './checks';
import { argmax } from './numbers';

type Rows = readonly (readonly number[])[];

/**
 * Checks that all ids of rows of any lengths are integers inside the vocabulary.
 * @throws RangeError naming the row and position of the first that is not
 */
export function checkTokens(rows: Rows, vocabSize: number): void {
  checkRows('token ids', rows, 'rows of token ids');
  checkNumbers('token ids', rows, vocabSize - 1);
}

/**
 * Checks that `rows` has the shape [batch, seq] of `shape` and only integers from 0 to `most`, or
 * `also`.
 * @throws RangeError naming the row and position of the first fault
 */
export function checkGrid(
  name: string,
  rows: Rows,
  shape: [number, number],
  most: number,
  also?: number,
): void {
  checkRows(name, rows, 'rows of numbers');
  const lengths = rows.map((row) => row.length);
  if (lengths.length !== shape[0] || lengths.some((length) => length !== shape[1])) {
    const came = lengths.join(', ') || 'nothing';
    throw new RangeError(`${name} must have the shape [${shape.join(', ')}], got rows of ${came}`);
  }
  checkNumbers(name, rows, most, also);
}

/**
 * Checks rows of token ids of one length of at least 1.
 * @throws RangeError that names the first row of a different length
 */
export function checkEqualRows(name: string, rows: Rows): void {
  checkRows(name, rows, 'rows of token ids');
  const seq = rows[0]?.length ?? 0;
  if (seq === 0)
    throw new RangeError(`${name} must hold at least one row of at least one token`);
  const other = rows.findIndex((row) => row.length !== seq);
  if (other < 0) return;
  const lengths = `row 0 has ${seq} tokens, row ${other} has ${rows[other]!.length}`;
  throw new RangeError(`rows must have one length: ${lengths}; pad them and pass attentionMask`);
}

/**
 * Checks prompts: lists of token ids, none empty. Returns the copy that was checked: an array may
 * have getters, whose next value is a different one.
 * @throws RangeError that names the first empty prompt, or the first id outside the vocabulary
 */
export function checkPrompts(given: Rows, vocabSize: number): number[][] {
  const lists: unknown[] = Array.isArray(given) ? Array.from(given) : [given];
  if (!Array.isArray(given) || !lists.every((list) => Array.isArray(list)))
    throw new TypeError('prompts must be lists of token ids: number[][]');
  const prompts = lists.map((list) => Array.from(list as number[]));
  check(prompts.length > 0, 'prompts', 'at least one prompt', prompts);
  const empty = prompts.findIndex((prompt) => prompt.length === 0);
  if (empty >= 0)
    throw new RangeError(`a prompt must hold at least one token, prompt ${empty} is empty`);
  checkTokens(prompts, vocabSize);
  return prompts;
}

/**
 * Checks logits: at least one, none NaN or +Infinity, and not −Infinity for all.
 * @throws RangeError that names the first token whose logit is not a number below Infinity
 */
export function checkLogits(logits: ArrayLike<number>): void {
  if (logits.length === 0) throw new RangeError('logits must hold at least one number, got none');
  for (let id = 0; id < logits.length; id++) {
    if (logits[id]! < Infinity) continue;
    const came = `got ${logits[id]} for token ${id}`;
    throw new RangeError(`logits must be numbers below Infinity, ${came}`);
  }
  if (logits[argmax(logits)]! > -Infinity) return;
  throw new RangeError('at least one token must be possible, got −Infinity for all');
}

function checkRows(name: string, rows: unknown, wanted: string): void {
  if (Array.isArray(rows) && Array.from(rows).every((row) => Array.isArray(row))) return;
  throw new TypeError(`${name} must be ${wanted} (number[][]), got ${shown(rows)}`);
}

/** Not by `forEach`, which skips the holes of an array such as `new Array(3)`. */
function checkNumbers(name: string, rows: Rows, most: number, also = most): void {
  for (const [b, row] of rows.entries()) {
    for (const [t, value] of row.entries()) {
      if ((Number.isInteger(value) && value >= 0 && value <= most) || value === also) continue;
      const place = `in row ${b} at position ${t}`;
      throw new RangeError(`${name} must be integers from 0 to ${most}, got ${value} ${place}`);
    }
  }
}
