import type { Random } from '../../../base/random';
import type { Case, Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { inWords, type PlainData } from '../../plain';
import { faultOfFilter, keep, randomDistribution } from './distributions';

const solution = `function topPById(probabilities: number[], P: number): number[] {
  const order = [...probabilities.keys()];
  order.sort((a, b) => probabilities[b] - probabilities[a]);
  const kept: number[] = [];
  let mass = 0; // of the kept tokens
  for (const id of order) {
    if (mass >= P) break;
    kept.push(id);
    mass += probabilities[id];
  }
  return probabilities.map((one, id) => (kept.includes(id) ? one / mass : 0));
}`;

/** A value of P that is not nearly one of the sums. */
function randomCase(random: Random): Case {
  const shares = randomDistribution(random);
  const P = Math.round(100 * (0.02 + 0.95 * random.uniform())) / 100;
  let sum = 0;
  const sums = [...shares].sort((a, b) => b - a).map((share) => sum += share);
  return sums.some((one) => Math.abs(one - P) < 1e-3)
    ? randomCase(random)
    : { input: [shares, P] };
}

/** Of equal tokens any may be kept: compare the numbers, and that each belongs to its token. */
function agrees(came: PlainData, wanted: PlainData, input: PlainData): boolean {
  const [shares] = input as unknown as [number[]];
  const [yours, ours] = [came as number[], wanted as number[]];
  const sorted = (values: number[]): number[] => [...values].sort((a, b) => b - a);
  const most = Math.max(...ours) / Math.max(...shares);
  const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6;
  return yours.length === shares.length
    && yours.every((one, id) => near(one, 0) || near(one, shares[id]! * most))
    && sorted(yours).every((one, rank) => near(one, sorted(ours)[rank]!));
}

export const topPById: Exercise = {
  id: '16.7.4',
  name: 'topPById',
  cell: 'top-p-by-hand',
  title: 'Top-p from memory',
  minutes: 15,
  difficulty: 'medium',
  statement: 'Write `topPById`: it takes probabilities and a P above 0, and returns the '
    + 'probabilities after top-p, one for each token, with a sum of 1. It keeps the '
    + 'smallest set of '
    + 'most probable tokens whose probabilities add up to P or more; of equal tokens, '
    + 'any. Do not look at `nucleus` above while you write it.',
  stub: `function topPById(probabilities: number[], P: number): number[] {
  return probabilities; // your code
}`,
  solution,
  others: [
    {
      says: 'the sum before each token, and keep()',
      source: `function topPById(probabilities: number[], P: number): number[] {
  const order = [...probabilities.keys()];
  order.sort((a, b) => probabilities[b] - probabilities[a]);
  let sum = 0;
  const kept = order.filter((id) => (sum += probabilities[id]) - probabilities[id] < P);
  return keep(probabilities, kept);
}`,
    },
    {
      says: 'the largest of the rest, again and again',
      source: `function topPById(probabilities: number[], P: number): number[] {
  const rest = [...probabilities];
  const kept = probabilities.map(() => 0);
  let mass = 0;
  while (mass < P && Math.max(...rest) > 0) {
    const id = rest.indexOf(Math.max(...rest));
    kept[id] = rest[id];
    mass += rest[id];
    rest[id] = 0;
  }
  return kept.map((one) => one / mass);
}`,
    },
  ],
  hints: [
    'Sort the ids by their probability, the largest first, and add up. Which sum decides whether a '
    + 'token stays: the one with it, or the one before it?',
    'A token stays as long as the sum before it is below P. So the token that crosses P belongs to '
    + 'the set, and the first token always stays.',
    'The sum runs over the original probabilities. Divide by the kept sum only at the end.',
  ],
  right: 'the token that crosses P, a set of one, a sum that is exactly P, equal tokens, and the '
    + 'original order',
  explore:
    'apply temperature 2 before top-p and after it: which order keeps more tokens, and which '
    + 'does the library use?',
  parts: [
    { says: 'the right tokens, divided by their sum', points: 2 },
    { says: 'small P, a sum that is exactly P, and equal tokens', points: 2 },
  ],
  observer: 'call',
  shown: [
    { input: [[0.5, 0.3, 0.15, 0.05], 0.7] },
    { input: [[0.15, 0.05, 0.5, 0.3], 0.9] },
    { input: [[0.5, 0.3, 0.15, 0.05], 0.97] },
    { input: [[0.4, 0.25, 0.2, 0.1, 0.05], 0.6] },
    { input: [[0.8, 0.1, 0.1], 0.5], part: 1 },
    { input: [[0.2, 0.7, 0.1], 0.01], part: 1 },
    { input: [[0.5, 0.25, 0.25], 0.5], part: 1 },
    { input: [[0.25, 0.25, 0.25, 0.25], 0.6], part: 1 },
    { input: [[0.125, 0.5, 0.125, 0.25], 1], part: 1 },
  ],
  hidden: (random) => Array.from({ length: 6 }, () => randomCase(random)),
  agrees,
  diagnose: (came, input) => {
    const [shares, P] = input as unknown as [number[], number];
    return faultOfFilter(came, shares, (values) => {
      const kept = shares.filter((_, id) => values[id] !== 0);
      const mass = kept.reduce((a, b) => a + b, 0);
      const least = Math.min(...kept);
      if (shares.some((share, id) => values[id] === 0 && share > least))
        return 'a token is removed that is more probable than one that stays';
      if (mass < P - 1e-9) return `what stays adds up to ${inWords(mass)}, less than ${inWords(P)}`;
      return mass - least > P - 1e-9
        ? `one token fewer is enough: without it ${inWords(mass - least)} stay`
        : undefined;
    });
  },
  mistakes: [
    {
      says: 'the token that crosses P is dropped, so less than P is kept; where the first token '
        + 'crosses it, it stays all the same',
      source: edit(solution, [
        'if (mass >= P) break',
        'if (kept.length > 0 && mass + probabilities[id] > P) break',
      ]),
    },
    {
      says: 'the token that crosses P is dropped: where the first one crosses it, nothing is kept, '
        + 'and 0 / 0 is NaN',
      source: edit(solution, ['if (mass >= P) break', 'if (mass + probabilities[id] > P) break'], [
        'kept.includes(id) ? one / mass : 0',
        '(kept.includes(id) ? one : 0) / mass',
      ]),
    },
    {
      says: 'the token that crosses P is dropped: where the first one crosses it, nothing is kept, '
        + 'and no token can be sampled',
      source: edit(solution, ['if (mass >= P) break', 'if (mass + probabilities[id] > P) break']),
    },
    {
      says: 'what is left is not divided by its sum: the result must sum to 1 again',
      source: edit(solution, ['one / mass', 'one']),
    },
    {
      says: 'the sum counts only the tokens that are kept: after the token that crosses P was '
        + 'dropped, smaller ones still fit below P and are kept',
      source: edit(
        solution,
        ['if (mass >= P) break', 'if (mass + probabilities[id] > P) continue'],
        [
          'kept.push(id);\n    mass += probabilities[id];\n  }',
          'kept.push(id);\n    mass += probabilities[id];\n  }\n'
          + '  if (kept.length === 0) kept.push(order[0]), mass = probabilities[order[0]];',
        ],
      ),
    },
    {
      says: 'one token too many: where the sum is exactly P the set is complete',
      source: edit(solution, ['mass >= P', 'mass > P']),
    },
    {
      says: 'the tokens are added up in the order of their ids: start with the most probable one',
      source: edit(solution, [
        '  order.sort((a, b) => probabilities[b] - probabilities[a]);\n',
        '',
      ]),
    },
    {
      says: 'of equal tokens all are kept: the smallest set needs only as many as reach P',
      source: edit(solution, [
        'kept.includes(id) ? one / mass : 0)',
        'one >= probabilities[kept[kept.length - 1]] ? one / mass : 0)',
      ], [
        'return probabilities.map',
        `const least = probabilities[kept[kept.length - 1]];
  mass = order.reduce((sum, id) =>
    probabilities[id] >= least ? sum + probabilities[id] : sum, 0);
  return probabilities.map`,
      ]),
    },
    {
      says: 'P is used as a threshold for single tokens: it limits their sum',
      source: edit(solution, [
        'if (mass >= P) break',
        'if (kept.length && probabilities[id] < P) break',
      ]),
    },
  ],
  scope: () => ({ keep }),
};
