/** What the observer `filling` saw, and what the exercises of 16.8 say of it. */
import type { Random } from '../../../base/random';
import type { Case, Part } from '../../exercise';
import { inWords, type PlainData } from '../../plain';
import type { TalliedCalls } from '../../observers/tally';
import { AGAIN, CHANCE, follows, resemble, type SampleCounts } from '../samples';

/** As in the observer. */
export interface Filled {
  readonly text: readonly number[];
  readonly filled: readonly (readonly number[])[];
  readonly again: boolean;
  readonly count: number;
}

/** The texts that came, and how. */
export const filledOf = (came: PlainData): readonly Filled[] =>
  (came as unknown as TalliedCalls).outcomes.map(({ result, count }) => ({
    ...result as unknown as Filled,
    count,
  }));

/** Whether the same seed gave the same texts. */
const isRepeated = (came: PlainData): boolean => (came as unknown as TalliedCalls).repeats;

/** A language: all its texts, of one length, with their probabilities. */
export interface TextChances {
  readonly texts: readonly (readonly number[])[];
  readonly chances: readonly number[];
}

const add = (counts: Map<string, number>, key: string, count: number): Map<string, number> =>
  counts.set(key, (counts.get(key) ?? 0) + count);

/** How often each text came. */
const textCounts = (came: PlainData): SampleCounts =>
  filledOf(came).reduce(
    (counts, { text, count }) => add(counts, text.join(' '), count),
    new Map<string, number>(),
  );

/** Whether the texts have the probabilities of the language. */
export const areExact = (came: PlainData, input: PlainData): boolean => {
  const { texts, chances } = input as unknown as TextChances;
  return follows(
    textCounts(came),
    new Map(texts.map((ids, n) => [ids.join(' '), chances[n]!] as const)),
  );
};

/** Whether two answers fill in the same way, and the texts can be of one distribution. */
export function fillAlike(one: PlainData, two: PlainData): boolean {
  const orders = (came: PlainData): SampleCounts =>
    filledOf(came).reduce(
      (counts, { filled, again, count }) =>
        add(counts, JSON.stringify(again ? 'again' : filled), count),
      new Map<string, number>(),
    );
  return isRepeated(one) === isRepeated(two)
    && resemble(textCounts(one), textCounts(two)) && resemble(orders(one), orders(two));
}

/** What both exercises say of texts that no planted mistake gives. */
export function textFault(came: PlainData, input: PlainData): string | undefined {
  if (!isRepeated(came)) return CHANCE;
  const outcomes = filledOf(came);
  const { texts } = input as unknown as TextChances;
  const length = texts[0]!.length;
  const short = outcomes.find(({ text }) =>
    text.length !== length || text.some((id) => typeof id !== 'number')
  );
  if (short) return `a text of ${length} tokens is wanted, got ${inWords(short.text)}`;
  const other = outcomes.find(({ filled }) => filled.length !== length);
  if (other) return `${length} holes take ${length} passes, got ${other.filled.length}`;
  const mixed = outcomes.find(({ text }) => !texts.some((ids) => ids.join() === text.join()));
  if (mixed) return mixedFault(mixed.text, texts);
  const double = outcomes.find(({ filled }) => filled.some((places) => places.length !== 1));
  return double && 'each pass fills exactly one hole';
}

function mixedFault(text: readonly number[], texts: TextChances['texts']): string {
  const says = `"${text.join(' ')}" is no text of the language`;
  const at = text.findIndex((id, place) => !texts.some((ids) => ids[place] === id));
  return at >= 0
    ? `${says}: token ${text[at]} has probability 0 at position ${at}`
    : `${says}, only each of its words alone: words of different texts are mixed`;
}

/** The texts that came, in a message, with the positions that the passes filled. */
export const textsInWords = (came: PlainData): string => {
  const outcomes = [...filledOf(came)].sort((a, b) => b.count - a.count);
  const orders = outcomes.map(orderOf);
  const isOne = orders.every((order) => order === orders[0]);
  const shown = outcomes.slice(0, 3).map(({ text, count }, n) =>
    `"${text.join(' ')}" ${count} times${isOne ? '' : ` (${orders[n]})`}`
  );
  return shown.join(', ') + (outcomes.length > 3 ? `, and ${outcomes.length - 3} more` : '')
    + (isOne ? `; ${orders[0]}` : '') + (isRepeated(came) ? '' : AGAIN);
};

/** Such as "filled in 2 passes: 0, then 1". */
function orderOf({ filled, again }: Filled): string {
  if (again) return 'a filled position changes';
  const passes = filled.map((places) => places.join(' and ') || 'nothing');
  const positions = passes.length === 0 ? 'nothing' : passes.join(', then ');
  return `positions filled in ${passes.length} pass${
    passes.length === 1 ? '' : 'es'
  }: ${positions}`;
}

/** Positions that are independent of each other: `shares[i]` is that of word 2i + 1, or 2i + 2. */
export function independent(shares: readonly number[]): TextChances {
  const all = shares.reduce<{ ids: number[]; chance: number }[]>(
    (list, share, i) =>
      list.flatMap(({ ids, chance }) => [
        { ids: [...ids, 2 * i + 1], chance: chance * share },
        { ids: [...ids, 2 * i + 2], chance: chance * (1 - share) },
      ]),
    [{ ids: [], chance: 1 }],
  );
  return { texts: all.map(({ ids }) => ids), chances: all.map(({ chance }) => chance) };
}

/** Words so rare that a sampler which drops them is noticed only in thousands of texts. */
export const RARE: TextChances = { texts: [[1], [2], [3]], chances: [0.97, 0.02, 0.01] };

/** Different texts of random words with random probabilities. */
export function randomLanguage(random: Random, count: number, length: number): TextChances {
  const texts = new Map<string, number[]>();
  while (texts.size < count) {
    const ids = Array.from({ length }, () => 1 + random.integer(4));
    texts.set(ids.join(), ids);
  }
  const weights = Array.from({ length: count }, () => 0.2 + random.uniform());
  const sum = weights.reduce((a, b) => a + b);
  return { texts: [...texts.values()], chances: weights.map((weight) => weight / sum) };
}

/** A case of the first part: texts of the language, one word in each pass. */
export const possible = (says: string, { texts, chances }: TextChances, seed = 16): Case => ({ says,
  input: { texts, chances, samples: 300, seed, asks: 'possible' } });

/** A case of the second part: also in the right order, and in the language's own proportions. */
export const exact = (
  says: string,
  { texts, chances }: TextChances,
  samples: number,
  seed = 16,
): Case => ({ says, input: { texts, chances, samples, seed, asks: 'exact' }, part: 1 });

/** Both parts, as they are announced. */
export const PARTS = (exactly: number): readonly Part[] => [
  { says: 'texts of the language, one word in each pass', points: 2 },
  { says: 'in the order that is asked for, with exact probabilities', points: exactly },
];

/** Whether all texts are of the language, each word in a pass of its own. */
const arePossible = (came: PlainData, input: PlainData): boolean =>
  textFault(came, input) === undefined;

/** Whether a case is right; `isOrdered` says whether the order of the holes is. */
export const isFilled = (came: PlainData, input: PlainData, isOrdered: boolean): boolean =>
  (input as { asks: string }).asks === 'possible'
    ? arePossible(came, input)
    : isRepeated(came) && isOrdered && areExact(came, input);
