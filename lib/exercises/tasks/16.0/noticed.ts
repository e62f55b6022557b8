import { EIGHT_TOKENS } from '../../../base/paths';
import { eightTokenExample } from '../../../experiments/eight-tokens';
import { hiddenStates } from '../../../experiments/hidden-states';
import { GPT } from '../../../model/gpt';
import type { Exercise, Scope } from '../../exercise';
import { equal, inWords, type PlainData } from '../../plain';

const ids = eightTokenExample.tokens.map((_, id) => id);

/** The same positions, in any order. */
function areSame(came: PlainData, wanted: PlainData): boolean {
  const sorted = (value: PlainData): number[] =>
    [...new Set(value as number[])].sort((a, b) => a - b);
  return equal(sorted(came), sorted(wanted));
}

async function namesOfNotebook(): Promise<Scope> {
  const model = await GPT.load(EIGHT_TOKENS);
  const states = await hiddenStates(model, ids);
  const gap = (a: readonly number[], b: readonly number[]): number =>
    Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
  return { model, ids, states, gap, hiddenStates };
}
let scope: Promise<Scope> | undefined;

export const noticed: Exercise = {
  id: '16.0.1',
  name: 'noticed',
  cell: 'noticed',
  title: 'Which rows change?',
  minutes: 5,
  difficulty: 'easy',
  statement: 'The token at position 5, "AI", is replaced by "I". The mask is on. Which hidden '
    + 'states change? Put their positions, counted from 0, into `noticed`.',
  stub: 'const noticed: number[] = [];\n\n// Your answer goes into the brackets.',
  solution: 'const noticed = [5, 6, 7];',
  others: [
    {
      says: 'by the rule of the mask',
      source: `const replaced = 5;
const noticed = [...ids.keys()].filter((position) => replaced <= position);`,
    },
    {
      says: 'measured',
      source: `const withI = await hiddenStates(model, ids.map((id, t) => (t === 5 ? 0 : id)));
const noticed = [...ids.keys()].filter((position) =>
  gap(withI[position], states[position]) > 1e-6
);`,
    },
  ],
  hints: [
    'Look at the last picture of section 16.0.3: which rows are zero there, which are not?',
    'A position reads its own token and those to its left. Which positions read position 5?',
    'Run `await hiddenStates(model, ids.map((id, t) => (t === 5 ? 0 : id)))` and compare its rows '
    + 'with `states`.',
  ],
  right: 'the replaced token changes its own row and those that can see it',
  explore:
    'set changed to 0 in the parameters and run section 16.0.3 again: which rows change now?',
  parts: [{ says: 'the positions', points: 1 }],
  observer: 'value',
  shown: [{ input: [] }],
  agrees: areSame,
  resembles: areSame,
  diagnose: (came) => {
    if (!Array.isArray(came)) return 'noticed must be an array of positions';
    const given = came as PlainData[];
    if (given.some((each) => typeof each !== 'number')) return 'positions are numbers, such as 1';
    const outside = given.find((each) => !ids.some((id) => id === each));
    if (outside !== undefined)
      return `there is no position ${inWords(outside)}: they are the numbers 0 to 7`;
    const odd = given.find((each) => Number(each) < 5);
    return odd === undefined
      ? 'which other positions read position 5?'
      : `can position ${inWords(odd)} see position 5?`;
  },
  mistakes: [
    {
      says: 'only the own row of the replaced token: which other positions read it?',
      source: 'const noticed = [5];',
    },
    {
      says:
        'the own row of the replaced token is missing: a hidden state begins with its own token',
      source: 'const noticed = [6, 7];',
    },
    {
      says:
        'all rows: that is so without the mask, which hides a token from the positions before it',
      source: 'const noticed = [0, 1, 2, 3, 4, 5, 6, 7];',
    },
    {
      says: 'these positions count from 1: here the first one is 0',
      source: 'const noticed = [6, 7, 8];',
    },
    {
      says: 'the mask is the wrong way round: it hides what comes later, not what came before',
      source: 'const noticed = [0, 1, 2, 3, 4, 5];',
    },
    {
      says: 'these are the rows that stay: put in those that change',
      source: 'const noticed = [0, 1, 2, 3, 4];',
    },
    {
      says: 'only the next position: the mask lets every later position read the token, not one',
      source: 'const noticed = [5, 6];',
    },
  ],
  scope: () => (scope ??= namesOfNotebook()),
};
