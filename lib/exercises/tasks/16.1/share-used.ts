import type { Exercise } from '../../exercise';
import { edit } from '../../exercise';

const solution = `function shareUsed(n: number, m: number): number {
  let computed = 0;
  for (let written = 0; written < m; written++) computed += n + written;
  return m / computed;
}`;

const formula = (result: string): string =>
  `function shareUsed(n: number, m: number): number {
  return ${result};
}`;

export const shareUsed: Exercise = {
  id: '16.1.1',
  name: 'shareUsed',
  cell: 'share-used',
  title: 'How much of the work counts?',
  minutes: 5,
  difficulty: 'easy',
  statement: 'Training uses the prediction at every position. Inference writes `m` tokens, at '
    + 'least one, after a prompt of `n` tokens, each in a pass over everything before it. Write '
    + '`shareUsed`: it returns the share of all computed positions whose prediction is used.',
  stub: `function shareUsed(n: number, m: number): number {
  return 1; // your code
}`,
  solution,
  others: [
    {
      says: 'a formula: one position of the mean length of a pass',
      source: formula('1 / (n + (m - 1) / 2)'),
    },
    {
      says: 'the lengths of all passes in a list',
      source: `function shareUsed(n: number, m: number): number {
  const lengths = Array.from({ length: m }, (_, written) => n + written);
  return lengths.length / lengths.reduce((sum, length) => sum + length);
}`,
    },
  ],
  hints: [
    'Each pass uses one prediction, that of its last position. How many positions does it compute?',
    'For 3 and 2: the first pass computes 3 positions, the second 4. Two of the 7 are used.',
    'The passes compute n, n + 1, … and at last n + m − 1 positions: the token written last is '
    + 'never read.',
  ],
  right: 'one token, as many as the prompt has, and many more',
  explore: 'which share is used for one token after a prompt of 1,000, and for 1,000 after one?',
  parts: [{ says: 'the share', points: 2 }],
  observer: 'call',
  shown: [{ input: [5, 1] }, { input: [1, 2] }, { input: [3, 2] }, { input: [5, 7] }],
  hidden: (random) =>
    Array.from({ length: 4 }, () => ({
      input: [1 + random.integer(40), 2 + random.integer(60)],
    })),
  mistakes: [
    {
      says: 'one pass too many: the last token is written, but no pass reads it',
      source: edit(solution, ['written < m', 'written <= m']),
    },
    {
      says: 'one pass too few: each token that is written takes a pass',
      source: edit(solution, ['written < m', 'written < m - 1']),
    },
    {
      says: 'the prompt is missing: each pass computes it before the tokens written so far',
      source: edit(solution, ['n + written', 'written']),
    },
    {
      says: 'each pass computes one position too many: the first one computes n and uses one',
      source: edit(solution, ['n + written', 'n + written + 1']),
    },
    {
      says: 'the prompt is computed only once: without a cache every pass computes all positions '
        + 'again',
      source: formula('m / (n + m - 1)'),
    },
    {
      says: 'the whole text is counted once, as in training: each pass computes all positions '
        + 'before its token',
      source: formula('m / (n + m)'),
    },
    {
      says: 'each pass computes only the prompt: it must read the tokens written so far, too',
      source: formula('1 / n'),
    },
    {
      says: 'this is the share that is not used',
      source: edit(solution, ['m / computed', '1 - m / computed']),
    },
    {
      says: 'the share is upside down: divide what is used by what is computed',
      source: edit(solution, ['m / computed', 'computed / m']),
    },
    {
      says: 'this is a percentage: a share lies between 0 and 1',
      source: edit(solution, ['m / computed', '100 * m / computed']),
    },
    {
      says: 'one used prediction in all passes together: each pass uses one',
      source: edit(solution, ['m / computed', '1 / computed']),
    },
    {
      says: 'every pass counts as if it were as long as the last one, n + m - 1: add up their '
        + 'lengths',
      source: formula('1 / (n + m - 1)'),
    },
    {
      says: 'this is the mean of the shares of the passes: long passes count more, so divide sums',
      source: `function shareUsed(n: number, m: number): number {
  let shares = 0;
  for (let written = 0; written < m; written++) shares += 1 / (n + written);
  return shares / m;
}`,
    },
  ],
};
