/** Checks of everything that a model receives, before any tensor is made. */
import { check } from '../base/checks';
import { checkEqualRows, checkTokens } from '../base/row-checks';
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
  checkEqualRows('inputIds', rows);
  checkTokens(rows, config.vocabSize);
  const [most, length] = [config.nPositions, past + rows[0]!.length];
  const came = `got ${length}; keep only the most recent ones`;
  if (length > most) throw new RangeError(`the context holds ${most} tokens (nPositions), ${came}`);
}
