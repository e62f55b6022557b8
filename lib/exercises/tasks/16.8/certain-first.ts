import type { Exercise } from '../../exercise';
import { edit } from '../../exercise';
import type { PlainData } from '../../plain';
import { CHANCE } from '../samples';
import { areExact, exact, fillAlike, filledOf, independent, isFilled, PARTS, possible,
  randomLanguage, RARE, type TextChances, textFault, textsInWords } from './filled-texts';

const solution = `async function certainFirst(fillIn: FillIn, length: number, dice: Random) {
  const text = new Array<number | null>(length).fill(null);
  while (text.includes(null)) {
    const [distributions] = await fillIn([[...text]]);
    const certainty = distributions.map((shares, place) =>
      text[place] === null ? Math.max(...shares) : -1);
    const place = certainty.indexOf(Math.max(...certainty));
    text[place] = dice.choose(distributions[place]);
  }
  return text;
}`;

/** The largest probability of a word at each hole; −1 at other positions. */
function certainties(
  { texts, chances }: TextChances,
  known: ReadonlyMap<number, number>,
): number[] {
  const fits = (ids: readonly number[]): boolean =>
    [...known].every(([place, id]) => ids[place] === id);
  return texts[0]!.map((_, place) => {
    if (known.has(place)) return -1;
    const shares = new Map<number, number>();
    let sum = 0;
    for (const [n, ids] of texts.entries()) {
      if (!fits(ids)) continue;
      shares.set(ids[place]!, (shares.get(ids[place]!) ?? 0) + chances[n]!);
      sum += chances[n]!;
    }
    return Math.max(...shares.values()) / sum;
  });
}

/** Whether every pass filled a hole that is as certain as any. */
function isCertainFirst(came: PlainData, input: PlainData): boolean {
  return filledOf(came).every(({ text, filled, again }) => {
    if (again) return false;
    const known = new Map<number, number>();
    return filled.every((places) => {
      const certainty = certainties(input as unknown as TextChances, known);
      for (const place of places) known.set(place, text[place]!);
      return places.length === 1 && certainty[places[0]!]! > Math.max(...certainty) - 1e-5;
    });
  });
}

/** The second position has the more probable word, and the larger entropy. */
const SPREAD: TextChances = {
  texts: [1, 2].flatMap((one) => Array.from({ length: 10 }, (_, n) => [one, 3 + n])),
  chances: [1, 2].flatMap(() => Array.from({ length: 10 }, (_, n) => n === 0 ? 0.275 : 0.025)),
};

export const certainFirst: Exercise = {
  id: '16.8.4',
  name: 'certainFirst',
  cell: 'certain-first',
  title: 'The most certain hole first',
  minutes: 20,
  difficulty: 'hard',
  statement: 'Write `certainFirst`: like `inOrder` it samples one word in each pass, but always at '
    + 'the most certain hole: the one whose most probable word has the largest probability (of '
    + 'equal ones, any). The texts must have exactly the probabilities of the language that '
    + '`fillIn` knows. The check samples thousands of texts.',
  stub: `async function certainFirst(fillIn: FillIn, length: number, dice: Random) {
  const text = new Array<number | null>(length).fill(null);
  return text; // your code
}`,
  solution,
  others: [
    {
      says: 'the holes sorted by their certainty, in every pass anew',
      source: `async function certainFirst(fillIn: FillIn, length: number, dice: Random) {
  const text = new Array<number | null>(length).fill(null);
  for (let pass = 0; pass < length; pass++) {
    const [shares] = await fillIn([text]);
    const most = shares.map((each) => [...each].sort((a, b) => b - a)[0]);
    const holes = [...text.keys()].filter((place) => text[place] === null);
    const [best] = holes.sort((a, b) => most[b] - most[a]);
    text[best] = dice.choose(shares[best]);
  }
  return text;
}`,
    },
    {
      says: 'by recursion, the chosen words in a map; samples everywhere and keeps one word',
      source: `async function certainFirst(fillIn: FillIn, length: number, dice: Random) {
  async function go(known: Map<number, number>): Promise<number[]> {
    const text = Array.from({ length }, (_, place) => known.get(place) ?? null);
    if (known.size === length) return text.map((id) => id!);
    const [distributions] = await fillIn([text]);
    const words = distributions.map((shares) => dice.choose(shares));
    let best = text.indexOf(null);
    distributions.forEach((shares, place) => {
      const isMore = Math.max(...shares) > Math.max(...distributions[best]);
      if (text[place] === null && isMore) best = place;
    });
    return go(new Map([...known, [best, words[best]]]));
  }
  return go(new Map());
}`,
    },
  ],
  hints: [
    'The certainty of a hole is the largest number in its distribution. A position that is filled '
    + 'has a certainty of 1 and must not be chosen again.',
    'What may decide which hole is next? Whatever has been sampled and kept, and the distributions '
    + 'that follow from it. A word that was sampled in this pass may not: if you keep the most '
    + 'probable of several sampled words, probable words come up too often.',
    'In each pass: call `fillIn`, find the hole whose largest probability is the largest of all '
    + 'holes, and only then sample a word there.',
  ],
  right: 'the most certain hole in each pass, and the texts have the probabilities of the language',
  explore: "`maskPredict(openFiller, length, { passes: length, order: 'certain', … })` samples "
    + 'first and keeps the most probable word: compare the shares of its texts with `openTruth`',
  parts: PARTS(4),
  observer: 'filling',
  shown: [
    possible('a language of the one text "3 4"', { texts: [[3, 4]], chances: [1] }),
    possible('three texts of four tokens', {
      texts: [[1, 2, 0, 0], [1, 3, 2, 0], [4, 2, 5, 0]],
      chances: [0.5, 0.2, 0.3],
    }),
    exact(
      'two independent positions, with words of 60 and 40 %, and of 90 and 10 %',
      independent([0.6, 0.9]),
      2000,
    ),
    exact('the two texts "1 2" (70 %) and "3 4" (30 %)', {
      texts: [[1, 2], [3, 4]],
      chances: [0.7, 0.3],
    }, 2000),
    exact('texts whose most certain hole depends on the words before', {
      texts: [[1, 2, 3], [1, 4, 3], [5, 2, 6], [5, 2, 7], [5, 2, 8]],
      chances: [0.4, 0.35, 0.1, 0.08, 0.07],
    }, 2000),
    exact(
      'two independent positions: two words of 50 %; one word of 55 % and nine of 5 %',
      SPREAD,
      2000,
    ),
    exact(
      'five independent positions of different certainty',
      independent([0.7, 0.9, 0.85, 0.8, 0.95]),
      5000,
    ),
    exact('one position, with words of 97, 2 and 1 %', RARE, 8000),
  ],
  hidden: (random) =>
    Array.from({ length: 3 }, (_, n) => {
      const count = 4 + random.integer(4);
      return exact(
        `a language of ${count} texts of 4 tokens`,
        randomLanguage(random, count, 4),
        2000,
        200 + n,
      );
    }),
  agrees: (came, _, input) => isFilled(came, input, isCertainFirst(came, input)),
  resembles: fillAlike,
  diagnose: (came, input) => {
    const fault = textFault(came, input);
    if (fault !== undefined) return fault;
    if (!areExact(came, input)) {
      return isCertainFirst(came, input)
        ? 'the order is right, but texts come up too often or too seldom: sample the word with its '
          + 'own probability'
        : 'texts come up too often or too seldom, and a hole is filled that is not the most '
          + 'certain one';
    }
    return filledOf(came).some(({ again }) => again)
      ? 'a word that was kept is changed by a later pass'
      : 'the texts are right, but a pass fills a hole that is not the most certain one';
  },
  inMessage: textsInWords,
  tellsWanted: false,
  mistakes: [
    {
      says: CHANCE,
      source: edit(solution, [
        'text[place] = dice.choose(distributions[place]);',
        `let left = Math.random();
    const id = distributions[place].findIndex((share) => (left -= share) < 0);
    text[place] = Math.max(0, id);`,
      ]),
    },
    {
      says: 'improbable words are never sampled: give the whole distribution to dice.choose',
      source: edit(solution, [
        'distributions[place])',
        'distributions[place].map((share) => share < 0.04 ? 0 : share))',
      ]),
    },
    {
      says: 'a word is sampled at every hole, and the most probable of these words is kept: so '
        + 'probable words come up too often; choose the hole before you sample',
      source: `async function certainFirst(fillIn: FillIn, length: number, dice: Random) {
  const text = new Array<number | null>(length).fill(null);
  while (text.includes(null)) {
    const [distributions] = await fillIn([[...text]]);
    const words = distributions.map((shares) => dice.choose(shares));
    const certainty = distributions.map((shares, place) =>
      text[place] === null ? shares[words[place]] : -1);
    const place = certainty.indexOf(Math.max(...certainty));
    text[place] = words[place];
  }
  return text;
}`,
    },
    {
      says:
        'the most probable word is taken at the most certain hole, so every call gives the same '
        + 'text: sample it',
      source: edit(solution, [
        'dice.choose(distributions[place])',
        'distributions[place].indexOf(certainty[place])',
      ]),
    },
    {
      says: 'the holes are filled from left to right, not the most certain one first',
      source: edit(solution, ['certainty.indexOf(Math.max(...certainty))', 'text.indexOf(null)']),
    },
    {
      says: 'the least certain hole is filled first',
      source: edit(solution, ['? Math.max(...shares) : -1', '? -Math.max(...shares) : -2']),
    },
    {
      says: 'the order of the holes is that of the first pass: each word changes how certain the '
        + 'other holes are',
      source: `async function certainFirst(fillIn: FillIn, length: number, dice: Random) {
  const text = new Array<number | null>(length).fill(null);
  const order = [...text.keys()];
  for (let pass = 0; pass < length; pass++) {
    const [distributions] = await fillIn([[...text]]);
    const certainty = distributions.map((shares) => Math.max(...shares));
    if (pass === 0) order.sort((a, b) => certainty[b] - certainty[a]);
    text[order[pass]] = dice.choose(distributions[order[pass]]);
  }
  return text;
}`,
    },
    {
      says: 'the hole with the smallest entropy is filled first: compare the largest probabilities',
      source: edit(solution, [
        '? Math.max(...shares) : -1',
        `?
      shares.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0) : -Infinity`,
      ]),
    },
    {
      says: 'all words are sampled in one pass, each without the others, so words of different '
        + 'texts are mixed',
      source: `async function certainFirst(fillIn: FillIn, length: number, dice: Random) {
  const [distributions] = await fillIn([new Array(length).fill(null)]);
  return distributions.map((shares) => dice.choose(shares));
}`,
    },
    {
      says: 'two words are sampled in one pass, each without the other: one hole in each pass',
      source: `async function certainFirst(fillIn: FillIn, length: number, dice: Random) {
  const text = new Array<number | null>(length).fill(null);
  while (text.includes(null)) {
    const [distributions] = await fillIn([[...text]]);
    const most = distributions.map((shares) => Math.max(...shares));
    const holes = [...text.keys()].filter((place) => text[place] === null);
    holes.sort((a, b) => most[b] - most[a]);
    for (const place of holes.slice(0, 2)) text[place] = dice.choose(distributions[place]);
  }
  return text;
}`,
    },
    {
      says:
        'a position that is already filled is chosen again, because its certainty is 1: compare '
        + 'the holes only',
      source: `async function certainFirst(fillIn: FillIn, length: number, dice: Random) {
  const text = new Array<number | null>(length).fill(null);
  for (let pass = 0; pass < length; pass++) {
    const [distributions] = await fillIn([[...text]]);
    const certainty = distributions.map((shares) => Math.max(...shares));
    const place = certainty.indexOf(Math.max(...certainty));
    text[place] = dice.choose(distributions[place]);
  }
  return text;
}`,
    },
  ],
};
