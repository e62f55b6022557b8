/** Runs an answer that fills holes, on texts whose probabilities are all known (16.8). */
import { Random } from '../../base/random';
import { exactFillIn, type FillIn, type Holes } from '../../experiments/mask-predict';
import { type PlainData, toPlain } from '../plain';
import { asFunction, type Fn } from './calls';
import type { Observer } from './index';

/** All texts of a language, of one length, with their probabilities; and how often to sample. */
interface Input {
  readonly texts: readonly (readonly number[])[];
  readonly chances: readonly number[];
  readonly samples: number;
  readonly seed: number;
}

/** A text that came, the positions that each pass filled, and how often both came together. */
interface Outcome {
  readonly text: PlainData;
  readonly filled: readonly (readonly number[])[];
  /** Whether a later pass had a hole or a different token at a filled position. */
  readonly again: boolean;
  count: number;
}

/** How many of the first calls are repeated with the same seed. */
const REPEATED = 60;

/**
 * `outcomes`: the texts that `samples` calls of `answer(fillIn, length, random)` return, with what
 * each pass filled. A pass is a call of `fillIn`; what stands in the text of the next one was
 * filled by it.
 * `repeats`: whether the first calls give the same outcomes again with the same seed.
 */
export const filling: Observer = async (answer, input) => {
  const { texts, chances, samples, seed } = input as unknown as Input;
  const length = texts[0]!.length;
  const fillIn = knownLanguage(texts, chances);
  const call = (random: Random): Promise<Outcome> =>
    watched(asFunction(answer), fillIn, length, random);
  const random = new Random(seed);
  const first: string[] = [];
  const outcomes = new Map<string, Outcome>();
  for (let n = 0; n < samples; n++) {
    const outcome = await call(random);
    const key = JSON.stringify(outcome);
    if (n < REPEATED) first.push(key);
    const known = outcomes.get(key);
    if (known) known.count += 1;
    else outcomes.set(key, outcome);
  }
  const again = new Random(seed);
  let repeats = true;
  for (const key of first) repeats = JSON.stringify(await call(again)) === key && repeats;
  return { outcomes: [...outcomes.values()], repeats };
};

async function watched(
  write: Fn,
  fillIn: FillIn,
  length: number,
  random: Random,
): Promise<Outcome> {
  const read: Holes[] = []; // of each pass
  const watching: FillIn = (rows) => {
    // a loop that awaits nothing but resolved promises could not be interrupted
    if (read.length >= 10 * length) throw new Error(`${read.length} passes for ${length} holes`);
    const places = rows[0]!.length;
    if (places > length) throw new Error(`${places} places in a text of ${length}`);
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
  return { text, filled, again: changes.includes(true), count: 1 };
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
