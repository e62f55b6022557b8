/** Runs an answer that fills holes, on texts whose probabilities are all known (16.8). */
import type { Random } from '../../base/random';
import { exactFillIn, type FillIn, type Holes } from '../../experiments/mask-predict';
import { type PlainData, toPlain } from '../plain';
import { asFunction, type Fn } from './calls';
import type { Observer } from './index';
import { tally } from './tally';

/** All texts of a language, of one length, with their probabilities; and how often to sample. */
interface Input {
  readonly texts: readonly (readonly number[])[];
  readonly chances: readonly number[];
  readonly samples: number;
  readonly seed: number;
}

/** What one call did. */
interface Filled {
  readonly text: PlainData;
  /** The positions that each pass filled. */
  readonly filled: readonly (readonly number[])[];
  /** Whether a later pass had a hole or a different token at a filled position. */
  readonly again: boolean;
}

/**
 * How often `answer(fillIn, length, random)` gives each text, with what each pass filled; see
 * tally.ts. A pass is a call of `fillIn`; what stands in the text of the next one was filled by it.
 */
export const filling: Observer = (answer, input) => {
  const { texts, chances, samples, seed } = input as unknown as Input;
  const length = texts[0]!.length;
  const fillIn = knownLanguage(texts, chances);
  const write = asFunction(answer);
  return tally(samples, seed, async (random) => ({
    ...await watched(write, fillIn, length, random),
  }));
};

async function watched(
  write: Fn,
  fillIn: FillIn,
  length: number,
  random: Random,
): Promise<Filled> {
  const read: Holes[] = []; // of each pass
  const watching: FillIn = (rows) => {
    // a loop that awaits nothing but resolved promises could not be interrupted
    if (read.length >= 10 * length) throw new Error(`${read.length} passes for ${length} holes`);
    const places = rows[0]!.length;
    // a filler takes what it gets for the whole text, so a text without its later holes is another
    if (places !== length)
      throw new Error(`a text of ${length} has ${length} places, got ${places}`);
    read.push([...rows[0]!]);
    return fillIn(rows);
  };
  const text = toPlain(await write(watching, length, random));
  const known = [...read.map((holes) => knownIn(holes, length)), knownIn(text, length)];
  const changes = read.map((holes, n) => {
    const next = n + 1 < read.length ? read[n + 1]! : text as Holes;
    return known[n]!.some((at) => next[at] !== holes[at]);
  });
  const filled = read.map((_, n) => known[n + 1]!.filter((at) => !known[n]!.includes(at)));
  return { text, filled, again: changes.includes(true) };
}

const knownIn = (text: PlainData | Holes, length: number): number[] =>
  Array.from({ length }, (_, at) => at).filter((at) =>
    Array.isArray(text) && typeof text[at] === 'number'
  );

/** A filler that knows these texts; its words are the ids themselves. */
function knownLanguage(texts: Input['texts'], chances: Input['chances']): FillIn {
  const completions = texts.map((ids, n) => ({ words: ids.map(String), probability: chances[n]! }));
  const vocabSize = 1 + Math.max(...texts.flat());
  const ids = { vocabSize, eosTokenId: 0, padTokenId: 0, id: Number, token: String,
    encode: (text: string) => text.split(' ').map(Number),
    decode: (list: readonly number[]) => list.join(' ') };
  return exactFillIn(completions, ids, texts[0]!.length);
}
