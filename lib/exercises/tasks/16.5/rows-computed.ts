import type { Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { equal, type PlainData } from '../../plain';

const solution = `function rowsComputed(newTokens: number[]): { carried: number; leave: number } {
  const passes = Math.max(0, ...newTokens);
  const leave = newTokens.reduce((sum, tokens) => sum + tokens, 0);
  return { carried: passes * newTokens.length, leave };
}`;

/** The two counts; an answer may return more. */
const countsOf = (value: PlainData): PlainData => {
  const { carried, leave } = value as { carried?: number; leave?: number };
  return { carried, leave };
};

export const rowsComputed: Exercise = {
  id: '16.5.1',
  name: 'rowsComputed',
  cell: 'rows-computed',
  title: 'What the carried rows cost',
  minutes: 5,
  difficulty: 'easy',
  statement: '`newTokens` says how many tokens each row gets before it is finished. Return the '
    + 'number of rows that all passes compute together: `carried` if finished rows stay in the '
    + 'batch, `leave` if they leave it.',
  stub: `function rowsComputed(newTokens: number[]): { carried: number; leave: number } {
  return { carried: 0, leave: 0 }; // your code
}`,
  solution,
  others: [
    {
      says: 'pass by pass, as the loop does it',
      source: `function rowsComputed(newTokens: number[]): { carried: number; leave: number } {
  let [carried, leave] = [0, 0];
  for (let pass = 0; newTokens.some((tokens) => tokens > pass); pass++) {
    carried += newTokens.length;
    leave += newTokens.filter((tokens) => tokens > pass).length;
  }
  return { carried, leave };
}`,
    },
    {
      says: 'the longest row first',
      source: `function rowsComputed(newTokens: number[]): { carried: number; leave: number } {
  const sorted = [...newTokens].sort((a, b) => b - a);
  let leave = 0;
  for (const tokens of sorted) leave += tokens;
  return { carried: (sorted[0] ?? 0) * sorted.length, leave };
}`,
    },
  ],
  hints: [
    'Every row gets one token in each pass, so the longest row decides how many passes there are.',
    'A row that leaves is computed once for each token that it gets. A row that stays is computed '
    + 'in every pass.',
  ],
  right: 'rows that end at different steps, at the same step, and a single row',
  explore:
    'what share of the carried rows is wasted when one answer of eight is ten times as long?',
  parts: [{ says: 'both counts', points: 2 }],
  observer: 'call',
  shown: [{ input: [[3]] }, { input: [[5, 1, 3]] }, { input: [[2, 2]] }, { input: [[1, 7, 7, 4]] }],
  hidden: (random) =>
    Array.from({ length: 4 }, () => ({
      input: [Array.from({ length: 2 + random.integer(6) }, () => 1 + random.integer(20))],
    })),
  diagnose: (came, input) => {
    const { carried, leave } = came as { carried: number; leave: number };
    const [rows] = input as unknown as [number[]];
    const isRight = [
      carried === Math.max(...rows) * rows.length,
      leave === rows.reduce((a, b) => a + b, 0),
    ];
    if (isRight[0] === isRight[1]) return undefined;
    return isRight[0]
      ? 'carried is right here, and leave is not'
      : 'leave is right here, and carried is not';
  },
  agrees: (came, wanted) => equal(countsOf(came), countsOf(wanted)),
  resembles: (came, ofMistake) => equal(countsOf(came), countsOf(ofMistake)),
  mistakes: [
    {
      says: 'finished rows still count in leave: a row leaves after its own last token, so add up '
        + 'the tokens of each row',
      source: edit(solution, ['leave };', 'leave: passes * newTokens.length };']),
    },
    {
      says: 'carried counts each row up to its own end: a row that stays is computed in every pass',
      source: edit(solution, ['carried: passes * newTokens.length', 'carried: leave']),
    },
    {
      says: 'one pass too many: the pass that gives the last token is the last one',
      source: edit(solution, ['Math.max(0, ...newTokens)', 'Math.max(0, ...newTokens) + 1']),
    },
    {
      says: 'one pass too few: the end token of a row also takes a pass',
      source: edit(solution, ['Math.max(0, ...newTokens)', 'Math.max(0, ...newTokens) - 1']),
    },
    {
      says: 'each row is short of one pass in both counts: the pass that gives its last token '
        + 'computes it, too',
      source: edit(solution, ['Math.max(0, ...newTokens)', 'Math.max(0, ...newTokens) - 1'], [
        'sum + tokens',
        'sum + tokens - 1',
      ]),
    },
    {
      says: 'the two counts are swapped',
      source: edit(solution, [
        'carried: passes * newTokens.length, leave',
        'carried: leave, leave: passes * newTokens.length',
      ]),
    },
    {
      says: 'carried counts passes, and each pass computes all rows',
      source: edit(solution, ['passes * newTokens.length', 'passes']),
    },
  ],
};
