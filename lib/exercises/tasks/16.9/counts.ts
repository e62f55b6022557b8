import type { Exercise } from '../../exercise';
import type { Plain } from '../../plain';

const stub = `const passes = 0;
const positionsWithout = 0;
const positionsWith = 0;
const yourCounts = { passes, positionsWithout, positionsWith };`;

/** The cell with these three numbers. */
const withCounts = (passes: string, without: string, withCache: string): string =>
  `const passes = ${passes};
const positionsWithout = ${without};
const positionsWith = ${withCache};
const yourCounts = { passes, positionsWithout, positionsWith };`;

const solution = withCounts('10', '6 + 7 + 8 + 9 + 10 + 11 + 12 + 13 + 14 + 15', '6 + 9 * 1');

type Counts = Record<string, number>;

export const counts: Exercise = {
  id: '16.9.1',
  name: 'yourCounts',
  cell: 'count',
  title: 'Predict the count',
  minutes: 5,
  difficulty: 'easy',
  statement: 'A prompt has 6 tokens, and greedy decoding adds 10 new ones. How many forward passes '
    + 'does that take (`passes`)? How many positions do all these passes compute together, without '
    + 'a cache (`positionsWithout`) and with one (`positionsWith`)? Work it out with pencil and '
    + 'paper.',
  stub,
  solution,
  others: [
    {
      says: 'each sum as a loop over the passes',
      source: `const passes = 10;
const each = Array.from({ length: passes }, (_, n) => 6 + n); // tokens in the text
const positionsWithout = each.reduce((a, b) => a + b, 0);
const positionsWith = each.reduce((total, _, n) => total + (n === 0 ? 6 : 1), 0);
const yourCounts = { passes, positionsWithout, positionsWith };`,
    },
    {
      says: 'the mean length of a pass times the passes',
      source: withCounts('10', '((6 + 15) / 2) * 10', '6 + 10 - 1'),
    },
  ],
  hints: [
    'One pass gives one new token. How many tokens are in the text when the last pass begins?',
    'Without a cache, pass 1 reads 6 tokens, pass 2 reads 7, and so on. The last token is chosen '
    + 'and never read.',
    'With a cache, pass 1 reads the 6 tokens of the prompt, and each later pass only the newest '
    + 'token.',
  ],
  right: 'passes, and positions without a cache and with one',
  explore: 'let the library count: `await watchPasses(model, () => generate(model, [prompt], '
    + '{ maxNewTokens: 10, eosTokenId: null }))`, with and without `useCache: false`',
  parts: [
    { says: 'the passes', points: 1 },
    { says: 'the positions without a cache', points: 1 },
    { says: 'the positions with a cache', points: 1 },
  ],
  observer: 'value',
  shown: [
    { input: 'passes', says: 'passes' },
    { input: 'positionsWithout', says: 'positionsWithout', part: 1 },
    { input: 'positionsWith', says: 'positionsWith', part: 2 },
  ],
  agrees: (came, wanted, input) =>
    (came as Counts)[input as string] === (wanted as Counts)[input as string],
  diagnose: (came: Plain, input) => diagnosis(came as Counts, input as string),
  mistakes: [
    {
      says: 'passes counts the tokens of the prompt as well: the first pass reads all of them at '
        + 'once, and the sums follow the same count',
      source: withCounts('16', '1 + 2 + 3 + 4 + 5 + 6 + 105', '16'),
    },
    {
      says: 'one pass too many: the last pass gives the tenth token, and nothing reads that one',
      source: withCounts('11', '105 + 16', '16'),
    },
    {
      says: 'one pass too few: the first pass, over the prompt, gives a new token as well',
      source: withCounts('9', '105 - 6', '9'),
    },
    {
      says:
        'passes are right; without a cache a pass reads the tokens that were added, too: pass 1 '
        + 'reads 6 tokens, pass 2 reads 7; and with a cache each later pass reads a single token',
      source: withCounts('10', '60', '60'),
    },
    {
      says: 'passes are right; in both sums the last token is read as well: it is chosen in the '
        + 'tenth pass, and no pass follows',
      source: withCounts('10', '105 + 16', '16'),
    },
  ],
};

/** What is certainly wrong with one of the numbers. */
function diagnosis(came: Counts, name: string): string | undefined {
  const number = came[name];
  if (typeof number !== 'number') return `${name} must be a number`;
  const said = KNOWN[name]?.[number];
  if (said !== undefined) return said;
  if (name === 'passes') return 'how many new tokens does one pass give?';
  return name === 'positionsWithout'
    ? 'passes are right; without a cache, pass 1 reads 6 tokens, pass 2 reads 7, and so on'
    : 'right so far; with a cache, pass 1 reads 6 tokens, each later pass only the newest token';
}

/** What single wrong numbers mean. */
const KNOWN: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  passes: {
    1: 'one pass for all: that is training, where all tokens are known before the pass',
    9: 'one pass too few: the first pass, over the prompt, gives a new token as well',
    11: 'one pass too many: the last pass gives the tenth token, and nothing reads that one',
    16: 'passes counts the tokens of the prompt as well: the first pass reads all of them at once',
  },
  positionsWithout: {
    15: 'positionsWithout is the last pass only: add up the positions of all passes',
    60: 'a pass without a cache reads the tokens that were added, too: pass 2 reads 7 tokens',
    99: 'positionsWithout leaves out the first pass, over the prompt',
    115: 'each pass is one position too long: pass 1 reads the 6 tokens of the prompt',
    121: 'positionsWithout has a pass too many: the last pass reads 15 tokens, not 16',
    160: 'not every pass reads 16 tokens: pass 1 reads 6, and each later one a token more',
  },
  positionsWith: {
    9: 'positionsWith leaves out the first pass, which reads the prompt into the cache',
    10: 'the first pass reads the prompt into the cache: that is 6 positions, not 1',
    16: 'positionsWith counts the tenth new token: it is chosen in the last pass and never read',
    60: 'the cache keeps the prompt: only the first pass reads it',
  },
};
