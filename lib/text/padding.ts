/**
 * Prompts of different lengths as one rectangle (16.5). The three arrays of a {@link PaddedBatch}
 * are [batch, longest].
 */
import { check } from '../base/checks';
import type { Rows } from './tokenizer';

export interface PaddedBatch {
  inputIds: number[][];
  /** 1 for a token of the prompt, 0 for padding. */
  attentionMask: number[][];
  /** The position of a token in its own prompt, from 0; padding has 0. */
  positionIds: number[][];
  /** Whether any row was padded. If none was, mask and positions equal the model's defaults. */
  isPadded: boolean;
}

/**
 * Fills with padding on the left, so that every row's last position is its prompt's last token.
 * @throws RangeError without prompts, or on an empty one
 */
export function padLeft(prompts: Rows, padTokenId: number): PaddedBatch {
  return pad(prompts, padTokenId, (row, padding) => [...padding, ...row]);
}

/**
 * Fills on the right: wrong for generation, since the next token would follow the padding. It is
 * here to show that mistake.
 * @throws RangeError as {@link padLeft}
 */
export function padRight(prompts: Rows, padTokenId: number): PaddedBatch {
  return pad(prompts, padTokenId, (row, padding) => [...row, ...padding]);
}

function pad(prompts: Rows, padTokenId: number, join: (...parts: Rows) => number[]): PaddedBatch {
  const lengths = prompts.map((prompt) => prompt.length);
  const isFull = lengths.length > 0 && !lengths.includes(0);
  check(isFull, 'prompts', 'lists of at least one token', prompts);
  const longest = lengths.reduce((most, length) => Math.max(most, length));
  const filled = (rows: Rows, value: number): number[][] =>
    rows.map((row) => join(row, new Array<number>(longest - row.length).fill(value)));
  return {
    inputIds: filled(prompts, padTokenId),
    attentionMask: filled(prompts.map((prompt) => prompt.map(() => 1)), 0),
    positionIds: filled(prompts.map((prompt) => [...prompt.keys()]), 0),
    isPadded: lengths.some((length) => length < longest),
  };
}
