import type { Exercise } from '../../exercise';
import { edit } from '../../exercise';

const solution = `function positionsRead(given: number, added: number): number {
  let positions = 0;
  for (let n = 0; n < added; n++) positions += given + n;
  return positions;
}`;

const formula = (result: string): string =>
  `function positionsRead(given: number, added: number): number {
  return ${result};
}`;

export const positionsRead: Exercise = {
  id: '16.0.3',
  name: 'positionsRead',
  cell: 'positions',
  title: 'Count before you run',
  minutes: 5,
  difficulty: 'easy',
  statement: 'Write `positionsRead`: it returns how many positions all passes read in total when '
    + '`added` tokens are written after a prompt of `given` tokens. Each pass reads the whole text '
    + 'so far and writes one token.',
  stub: `function positionsRead(given: number, added: number): number {
  return 0; // your code
}`,
  solution,
  others: [
    {
      says: 'a formula: the prompt in each pass, and 0 + 1 + … + (added − 1)',
      source: formula('given * added + (added * (added - 1)) / 2'),
    },
    {
      says: 'the last pass, and those before it',
      source: `function positionsRead(given: number, added: number): number {
  if (added === 0) return 0;
  return given + added - 1 + positionsRead(given, added - 1);
}`,
    },
  ],
  hints: [
    'Write down what each pass reads for a prompt of 2 and three new tokens.',
    'The first pass reads the prompt only, each later one a token more. The token added last is '
    + 'never read.',
  ],
  right: 'short and long prompts, one token, many, and none',
  explore: 'double added: by what factor does the count grow, after a short and a long prompt?',
  parts: [{ says: 'the positions', points: 2 }],
  observer: 'call',
  shown: [
    { input: [5, 0] },
    { input: [10, 1] },
    { input: [2, 3] },
    { input: [1, 7] },
  ],
  hidden: (random) =>
    Array.from({ length: 5 }, () => ({
      input: [1 + random.integer(60), 2 + random.integer(100)],
    })),
  mistakes: [
    {
      says: 'there is one pass too many: the token added last is never read',
      source: edit(solution, ['n < added', 'n <= added']),
    },
    {
      says: 'each pass reads one position too many: the first one reads the prompt only',
      source: edit(solution, ['given + n', 'given + n + 1']),
    },
    {
      says: 'each pass reads only the prompt: it must read the tokens written so far, too',
      source: formula('given * added'),
    },
    {
      says: 'the prompt is read only once: each pass reads the whole text again',
      source: formula('added === 0 ? 0 : given + (added * (added - 1)) / 2'),
    },
    {
      says: 'the prompt is missing: each pass reads it before the tokens written so far',
      source: edit(solution, ['given + n', 'n']),
    },
    {
      says: 'the count is that of one pass, as in training: here there is a pass for each token',
      source: formula('given + added'),
    },
    {
      says: 'each token is read once: that needs a cache, without which every pass reads all again',
      source: formula('added === 0 ? 0 : given + added - 1'),
    },
    {
      says: 'each token is read once: that needs a cache, without which every pass reads all again',
      source: formula('given + added - 1'),
    },
    {
      says: 'these are the passes: count the positions that they read',
      source: formula('added'),
    },
    {
      says: '0 + 1 + … + (added - 1) is half of added * (added - 1)',
      source: formula('given * added + added * (added - 1)'),
    },
    {
      says: 'there is one pass too few: each new token takes a pass',
      source: edit(solution, ['n < added', 'n < added - 1']),
    },
  ],
};
