/** Gives an answer a model with a cache for each slot, and watches what it feeds to it (16.5). */
import { wordTokenizer } from '../../language/little-language';
import { asFunction } from './calls';
import type { Observer } from './index';

/** What an answer gives to a pass for one slot. */
interface Row {
  readonly slot: number;
  readonly ids: number[];
  readonly positionIds: number[];
  readonly isNew: boolean;
}

/** So that a loop that never ends does end. */
const MOST_PASSES = 300;

const { eosTokenId } = wordTokenizer;
const FIRST_WORD = 2;
const WORDS = 97;

/**
 * The answer is called with the prompts, the number of slots, and a pass. The model behind it is
 * no transformer: its next token depends on every pair of a token and its position in the cache, so
 * that one wrong cell changes the text, where a GPT's greedy choice often stays the same. Returns
 * the answer's `texts`; `rows`: how many each pass had; `begun`: how many rows emptied a cache;
 * `mostLater`: the most tokens that a row appended to a cache with tokens; and `misplaced`: the
 * first token whose position is not the number of tokens before it in its cache, as these two.
 */
export const slotServer: Observer = async (answer, input) => {
  const [prompts, slots] = input as unknown as [number[][], number];
  const caches = new Map<number, string[]>();
  const rows: number[] = [];
  let [begun, mostLater] = [0, 0];
  let misplaced: [before: number, position: number] | undefined;
  const pass = (batch: readonly Row[]): number[] => {
    if (rows.length >= MOST_PASSES) throw new Error(`more than ${MOST_PASSES} passes`);
    if (batch.length > slots) throw new Error(`${batch.length} rows in a pass with ${slots} slots`);
    rows.push(batch.length);
    const used = new Set<number>();
    return batch.map(({ slot, ids, positionIds, isNew }) => {
      if (!(Number.isInteger(slot) && slot >= 0 && slot < slots))
        throw new Error(`there is no slot ${slot}: they are 0 to ${slots - 1}`);
      if (used.has(slot)) throw new Error(`slot ${slot} is in the pass twice`);
      used.add(slot);
      if (ids.length === 0 || ids.length !== positionIds.length)
        throw new Error(`${ids.length} ids with ${positionIds.length} positions in slot ${slot}`);
      const cache = isNew ? [] : caches.get(slot) ?? [];
      caches.set(slot, cache);
      if (isNew) begun += 1;
      else mostLater = Math.max(mostLater, ids.length);
      for (const [t, id] of ids.entries()) {
        const position = positionIds[t]!;
        if (position !== cache.length) misplaced ??= [cache.length, position];
        cache.push(`${id}@${position}`);
      }
      return nextToken(cache);
    });
  };
  const texts = await asFunction(answer)(prompts.map((ids) => [...ids]), slots, pass);
  return { texts, rows: rows.filter((count) => count > 0), begun, mostLater, misplaced };
};

/** A token that depends on all cells of a cache, whatever their order; every fifth ends a text. */
function nextToken(cache: readonly string[]): number {
  let hash = 0x811c9dc5; // FNV-1a
  for (const byte of [...cache].sort().join(' ')) {
    hash = Math.imul(hash ^ byte.charCodeAt(0), 0x01000193) >>> 0;
  }
  hash = Math.imul(hash ^ hash >>> 15, 0x2c1b3c6d) >>> 0;
  return hash % 5 === 0 ? eosTokenId : FIRST_WORD + (hash >>> 8) % WORDS;
}
