import type { Exercise } from '../../exercise';
import { edit } from '../../exercise';
import type { PlainData } from '../../plain';
import { CHANCE } from '../samples';
import { exact, fillAlike, filledOf, independent, isFilled, PARTS, possible, randomLanguage, RARE,
  textFault, textsInWords } from './filled-texts';

const solution = `async function inOrder(
  fillIn: FillIn,
  length: number,
  dice: Random,
): Promise<number[]> {
  const ids: number[] = [];
  while (ids.length < length) {
    const holes = new Array<null>(length - ids.length).fill(null);
    const [distributions] = await fillIn([[...ids, ...holes]]);
    ids.push(dice.choose(distributions[ids.length]));
  }
  return ids;
}`;

const isInOrder = (came: PlainData): boolean =>
  filledOf(came).every(({ filled, again }) =>
    !again && filled.every((places, n) => places.length === 1 && places[0] === n)
  );

export const inOrder: Exercise = {
  id: '16.8.2',
  name: 'inOrder',
  cell: 'in-order-code',
  title: 'From left to right with the same filler',
  minutes: 15,
  difficulty: 'medium',
  statement: 'Write `inOrder`: it fills a text of `length` holes with `fillIn`, one hole in each '
    + 'pass, from left to right, and samples each word with `dice.choose`. Are texts still mixed?',
  stub: `async function inOrder(
  fillIn: FillIn,
  length: number,
  dice: Random,
): Promise<number[]> {
  const ids: number[] = [];
  return ids; // your code
}`,
  look: [{
    id: 'texts-in-order',
    source: `const dice = new Random(p.seed);
for (let n = 1; n <= 6; n++) {
  const ids = await inOrder(exactFiller, width, dice);
  console.log(\`\${n}: \${ids.map(token).join(' ')}\`);
}`,
  }],
  solution,
  others: [
    {
      says: 'a text of holes that are filled in place',
      source: `async function inOrder(
  fillIn: FillIn,
  length: number,
  dice: Random,
): Promise<number[]> {
  const text: (number | null)[] = new Array(length).fill(null);
  for (let place = 0; place < length; place++) {
    const [distributions] = await fillIn([[...text]]);
    text[place] = dice.choose(distributions[place]);
  }
  return text.map((id) => id!);
}`,
    },
    {
      says: 'by recursion, with a sum of probabilities instead of dice.choose',
      source: `async function inOrder(
  fillIn: FillIn,
  length: number,
  dice: Random,
): Promise<number[]> {
  async function rest(ids: number[]): Promise<number[]> {
    if (ids.length === length) return ids;
    const text = Array.from({ length }, (_, place) => ids[place] ?? null);
    const [distributions] = await fillIn([text]);
    const shares = distributions[ids.length];
    let left = dice.uniform() * shares.reduce((a, b) => a + b);
    const id = shares.findIndex((share) => (left -= share) < 0);
    return rest([...ids, id]);
  }
  return rest([]);
}`,
    },
  ],
  hints: [
    '`const [distributions] = await fillIn([text])` gives the distribution at each position of one '
    + 'text, in which `null` is a hole.',
    'The text of each pass holds the words that are already chosen, and `null` at all later '
    + 'positions. Only the first of these holes is filled.',
    'After n words, sample word n from `distributions[n]`, then call `fillIn` again.',
  ],
  right: 'every word in a pass of its own, and the texts have the probabilities of the language',
  explore: 'fill from right to left instead: do the texts still have the right probabilities?',
  parts: PARTS(2),
  observer: 'filling',
  shown: [
    possible('a language of the one text "3 4"', { texts: [[3, 4]], chances: [1] }),
    possible('three texts of four tokens', {
      texts: [[1, 2, 0, 0], [1, 3, 2, 0], [4, 2, 5, 0]],
      chances: [0.5, 0.2, 0.3],
    }),
    exact('the two texts "1 2" (70 %) and "3 4" (30 %)', {
      texts: [[1, 2], [3, 4]],
      chances: [0.7, 0.3],
    }, 2000),
    exact(
      'five independent positions, each with words of 90 % and 10 %',
      independent([0.9, 0.9, 0.9, 0.9, 0.9]),
      6000,
    ),
    exact('one position, with words of 97, 2 and 1 %', RARE, 8000),
  ],
  hidden: (random) =>
    Array.from({ length: 3 }, (_, n) => {
      const [count, length] = [3 + random.integer(4), 3 + random.integer(2)];
      return exact(
        `a language of ${count} texts of ${length} tokens`,
        randomLanguage(random, count, length),
        2000,
        100 + n,
      );
    }),
  agrees: (came, _, input) => isFilled(came, input, isInOrder(came)),
  resembles: fillAlike,
  diagnose: (came, input) => {
    const fault = textFault(came, input);
    if (fault !== undefined) return fault;
    const outcomes = filledOf(came);
    if (!isInOrder(came)) return 'the holes are filled in a different order, not left to right';
    return new Set(outcomes.map(({ text }) => text.join())).size === 1
      ? 'always the same text: sample each word'
      : 'possible texts, but not in the proportions of the language: sample each word with its '
        + 'own probability';
  },
  inMessage: textsInWords,
  tellsWanted: false,
  mistakes: [
    {
      says: CHANCE,
      source: edit(solution, [
        'ids.push(dice.choose(distributions[ids.length]));',
        `let left = Math.random();
    const id = distributions[ids.length].findIndex((share) => (left -= share) < 0);
    ids.push(Math.max(0, id));`,
      ]),
    },
    {
      says: 'improbable words are never sampled: give the whole distribution to dice.choose',
      source: edit(solution, [
        'distributions[ids.length])',
        'distributions[ids.length].map((share) => share < 0.04 ? 0 : share))',
      ]),
    },
    {
      says: 'all words are sampled in one pass, each without the others, so words of different '
        + 'texts are mixed',
      source: `async function inOrder(
  fillIn: FillIn,
  length: number,
  dice: Random,
): Promise<number[]> {
  const [distributions] = await fillIn([new Array(length).fill(null)]);
  return distributions.map((shares) => dice.choose(shares));
}`,
    },
    {
      says: 'two words are sampled in one pass, each without the other: one hole in each pass',
      source: `async function inOrder(
  fillIn: FillIn,
  length: number,
  dice: Random,
): Promise<number[]> {
  const ids: number[] = [];
  while (ids.length < length) {
    const holes = new Array<null>(length - ids.length).fill(null);
    const [distributions] = await fillIn([[...ids, ...holes]]);
    const next = distributions.slice(ids.length, ids.length + 2);
    ids.push(...next.map((shares) => dice.choose(shares)));
  }
  return ids;
}`,
    },
    {
      says: 'each pass gets a text of holes only: put the words that are already chosen into it',
      source: edit(solution, ['length - ids.length)', 'length)'], ['...ids, ...holes', '...holes']),
    },
    {
      says: 'a pass gets the words so far and one hole: for a filler the text then ends there, so '
        + 'give it a hole for every word that is missing',
      source: edit(solution, ['length - ids.length)', '1)']),
    },
    {
      says: 'the most probable word is taken, so every call gives the same text: sample it',
      source: edit(solution, [
        'dice.choose(distributions[ids.length])',
        'distributions[ids.length].indexOf(Math.max(...distributions[ids.length]))',
      ]),
    },
    {
      says: 'every word is sampled from the distribution of the first position: word n needs that '
        + 'of position n',
      source: edit(solution, ['distributions[ids.length]', 'distributions[0]']),
    },
    {
      says: 'the distribution of the last position is used, as with a model from left to right: '
        + 'here word n needs that of position n',
      source: edit(solution, ['distributions[ids.length]', 'distributions[length - 1]']),
    },
    {
      says: 'the text is filled from right to left',
      source: `async function inOrder(
  fillIn: FillIn,
  length: number,
  dice: Random,
): Promise<number[]> {
  const ids: number[] = [];
  while (ids.length < length) {
    const holes = new Array<null>(length - ids.length).fill(null);
    const [distributions] = await fillIn([[...holes, ...ids]]);
    ids.unshift(dice.choose(distributions[holes.length - 1]));
  }
  return ids;
}`,
    },
    {
      says: 'every possible word is equally probable: give the distribution to dice.choose',
      source: edit(solution, [
        'distributions[ids.length]',
        'distributions[ids.length].map((share) => Number(share > 0))',
      ]),
    },
  ],
};
