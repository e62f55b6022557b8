/** Batches for teacher forcing: rows of a text, and the same rows shifted by one token (16.2.1). */
import { checkInteger, checkNames } from '../base/checks';
import { sum } from '../base/numbers';
import { checkRandom, type Random } from '../base/random';
import type { Rows } from './tokenizer';

/** The target of a position that does not count, as in PyTorch. */
export const IGNORED = -100;

/**
 * Rows for one step, both [batch, seq]: `targets[b][t]` is the token after `inputIds[b][t]`, or
 * {@link IGNORED}.
 */
export interface Batch {
  inputIds: number[][];
  targets: number[][];
}

/** Settings of both ways to cut batches. */
export interface BatchOptions {
  /** Rows in a batch. */
  batchSize: number;
  /** Tokens in a row. */
  blockSize: number;
  random: Random;
}

/**
 * Shifts a sequence into the pair that teacher forcing needs (16.2.1). `ids` [n] → inputs [n-1],
 * targets [n-1].
 * @throws RangeError if there are fewer than two ids
 */
export function shiftTargets(ids: readonly number[]): { inputs: number[]; targets: number[] } {
  if (ids.length < 2)
    throw new RangeError(`need at least 2 tokens to predict one, got ${ids.length}`);
  return { inputs: ids.slice(0, -1), targets: ids.slice(1) };
}

/**
 * Batches of sentences that are sampled at random and packed one after another; each row is cut
 * after `blockSize` tokens. A row begins at the start of a sentence, so the next token at any
 * position depends only on words in the row.
 * @throws RangeError if no sentence has a word, a size is not an integer of at least 1, or there is
 *   no `random`
 */
export function packedBatches(sentences: Rows, options: BatchOptions): () => Batch {
  const { blockSize, random } = options;
  const window = blockSize + 1;
  if (!sentences.some((sentence) => sentence.length > 0))
    throw new RangeError('there is no sentence to sample from');
  const read = sum(sentences.map(({ length }) => Math.min(length, window)));
  const areLong = read < sum(sentences.map(({ length }) => length)) / 2;
  return batchesOf(options, () => {
    const row: number[] = [];
    while (row.length < window) {
      const [piece, room] = [sentences[random.integer(sentences.length)]!, window - row.length];
      const isEntered = areLong && piece.length > window;
      const start = isEntered ? random.integer(piece.length - room + 1) : 0;
      for (const id of piece.slice(start, start + room)) row.push(id);
    }
    return row;
  });
}

/**
 * Batches of windows that begin anywhere in one long text.
 * @throws RangeError if the text is shorter than a window, a size is not an integer of at least 1,
 *   or there is no `random`
 */
export function windowBatches(ids: readonly number[], options: BatchOptions): () => Batch {
  const { blockSize, random } = options;
  const window = blockSize + 1;
  if (ids.length < window)
    throw new RangeError(`a window takes ${window} tokens but the text has ${ids.length}`);
  return batchesOf(options, () => {
    const start = random.integer(ids.length - blockSize);
    return ids.slice(start, start + window);
  });
}

function batchesOf(options: BatchOptions, row: () => number[]): () => Batch {
  checkNames('option', options, ['batchSize', 'blockSize', 'random']);
  const { batchSize, blockSize, random } = options;
  checkInteger('batchSize', batchSize, { from: 1, to: 1e5 });
  checkInteger('blockSize', blockSize, { from: 1, to: 1e7 });
  checkRandom(random);
  return () => {
    const pairs = Array.from({ length: batchSize }, () => shiftTargets(row()));
    const inputIds = pairs.map(({ inputs }) => inputs);
    return { inputIds, targets: pairs.map(({ targets }) => targets) };
  };
}
