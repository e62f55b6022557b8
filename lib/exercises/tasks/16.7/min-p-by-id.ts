import type { Random } from '../../../base/random';
import type { Case, Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { inWords } from '../../plain';
import { faultOfFilter, keep, randomDistribution } from './distributions';

const solution = `function minPById(probabilities: number[], fraction: number): number[] {
  const least = fraction * Math.max(...probabilities);
  const kept = probabilities.map((one) => (one >= least ? one : 0));
  const mass = kept.reduce((a, b) => a + b);
  return kept.map((one) => one / mass);
}`;

/** A fraction whose threshold is not nearly one of the probabilities. */
function randomCase(random: Random): Case {
  const shares = randomDistribution(random);
  const fraction = Math.round(100 * (0.05 + 0.9 * random.uniform())) / 100;
  const least = fraction * Math.max(...shares);
  return shares.some((share) => Math.abs(share - least) < 1e-3)
    ? randomCase(random)
    : { input: [shares, fraction] };
}

export const minPById: Exercise = {
  id: '16.7.2',
  name: 'minPById',
  cell: 'min-p-by-hand',
  title: 'Min-p by hand',
  minutes: 10,
  difficulty: 'medium',
  statement: 'Write `minPById`: it takes probabilities and a fraction, and returns the '
    + 'probabilities after min-p, one for each token, with a sum of 1. A token that just reaches '
    + 'the threshold stays.',
  stub: `function minPById(probabilities: number[], fraction: number): number[] {
  return probabilities; // your code: keep() from above may help
}`,
  solution,
  others: [
    {
      says: 'the ids that stay, and keep()',
      source: `function minPById(probabilities: number[], fraction: number): number[] {
  const least = fraction * Math.max(...probabilities);
  const ids = [...probabilities.keys()].filter((id) => probabilities[id] >= least);
  return keep(probabilities, ids);
}`,
    },
    {
      says: 'loops',
      source: `function minPById(probabilities: number[], fraction: number): number[] {
  let most = 0;
  for (const one of probabilities) if (one > most) most = one;
  let mass = 0;
  for (const one of probabilities) if (one >= fraction * most) mass += one;
  const result: number[] = [];
  for (const one of probabilities) result.push(one < fraction * most ? 0 : one / mass);
  return result;
}`,
    },
  ],
  hints: [
    'The threshold is a fraction of the largest probability. Which tokens reach it?',
    'Set the other tokens to 0, then divide by the sum of what is left.',
    '`const least = fraction * Math.max(...probabilities)`: a token stays if its probability is at '
    + 'least that.',
  ],
  right: 'the largest first, last and in the middle, a token exactly at the threshold, and '
    + 'fractions of 0 and 1',
  explore: 'with min-p, can the most probable token ever be removed? Try a fraction of 1.',
  parts: [{ says: 'the probabilities after min-p', points: 3 }],
  observer: 'call',
  shown: [
    { input: [[0.2, 0.3, 0.5], 0] },
    { input: [[0.5, 0.25, 0.25], 0.5] },
    { input: [[0.1, 0.8, 0.1], 0.2] },
    { input: [[0.625, 0.25, 0.125], 0.4] },
    { input: [[0.125, 0.25, 0.625], 0.3] },
    { input: [[0.4, 0.2, 0.4], 1] },
    { input: [[0.06, 0.3, 0.02, 0.5, 0.12], 0.15] },
  ],
  hidden: (random) => Array.from({ length: 5 }, () => randomCase(random)),
  diagnose: (came, input) => {
    const [shares, fraction] = input as unknown as [number[], number];
    const least = fraction * Math.max(...shares);
    return faultOfFilter(came, shares, (values) => {
      const kept = shares.findIndex((share, id) => share < least - 1e-9 && values[id] !== 0);
      if (kept >= 0)
        return `token ${kept} is below the threshold, ${inWords(least)}, and has more than 0`;
      const removed = shares.findIndex((share, id) =>
        share > 0 && share >= least - 1e-9 && values[id] === 0
      );
      return removed < 0
        ? undefined
        : `token ${removed} reaches the threshold, ${inWords(least)}, and is removed`;
    });
  },
  mistakes: [
    {
      says: 'the threshold is the fraction itself: it is the fraction of the largest probability',
      source: edit(solution, ['fraction * Math.max(...probabilities)', 'fraction']),
    },
    {
      says: 'what is left is not divided by its sum: the result must sum to 1 again',
      source: edit(solution, ['one / mass);', 'one);']),
    },
    {
      says: 'a token exactly at the threshold is removed: it stays',
      source: edit(solution, ['one >= least', 'one > least']),
    },
    {
      says: 'the removed tokens are left out: return a number for every token, 0 for these',
      source: edit(solution, [
        'probabilities.map((one) => (one >= least ? one : 0))',
        'probabilities.filter((one) => one >= least)',
      ]),
    },
    {
      says: 'the threshold is a fraction of the first probability: the largest need not be first',
      source: edit(solution, ['Math.max(...probabilities)', 'probabilities[0]']),
    },
    {
      says: 'what is left is divided by the largest probability: divide by the sum of what is left',
      source: edit(solution, ['one / mass);', 'one / Math.max(...kept));']),
    },
    {
      says: 'this is top-p: min-p keeps every token above a threshold and needs no sum of the '
        + 'probabilities before',
      source: `function minPById(probabilities: number[], fraction: number): number[] {
  const order = [...probabilities.keys()];
  order.sort((a, b) => probabilities[b] - probabilities[a]);
  let before = 0;
  const ids = order.filter((id, rank) => {
    const stays = rank === 0 || before < fraction;
    before += probabilities[id];
    return stays;
  });
  return keep(probabilities, ids);
}`,
    },
    {
      says: 'the threshold is subtracted from what stays: the tokens keep their proportions',
      source: edit(solution, ['? one : 0', '? one - least : 0']),
    },
  ],
  scope: () => ({ keep }),
};
