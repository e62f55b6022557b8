import type { Random } from '../../../base/random';
import type { Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { inWords } from '../../plain';

const solution = `function mutualInformation(joint: number[][]): number {
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const columns = joint[0].map((_, j) => sum(joint.map((one) => one[j])));
  return sum(joint.flatMap((one) => one.map((share, j) =>
    share > 0 ? share * Math.log(share / (sum(one) * columns[j])) : 0)));
}`;

/** A table of random shares that sum to 1, some of them 0. */
function randomJoint(random: Random): number[][] {
  const [rows, columns] = [2 + random.integer(3), 2 + random.integer(3)];
  const weights = Array.from(
    { length: rows },
    () =>
      Array.from({ length: columns }, () => random.uniform() < 0.3 ? 0 : 0.1 + random.uniform()),
  );
  weights[0]![0] = 1; // so that the sum is above 0
  const total = weights.flat().reduce((a, b) => a + b);
  return weights.map((row) => row.map((weight) => weight / total));
}

export const mutualInformation: Exercise = {
  id: '16.8.3',
  name: 'mutualInformation',
  cell: 'mutual-information',
  title: 'Which words belong together?',
  minutes: 15,
  difficulty: 'medium',
  statement: 'Write `mutualInformation`: `joint[i][j]` is the probability that one position holds '
    + 'word i and another word j. It returns the sum of joint · ln(joint / (row sum · '
    + 'column sum)), '
    + 'in nats: 0 where the positions are independent. A pair that never occurs adds 0.',
  stub: `function mutualInformation(joint: number[][]): number {
  return 0; // your code
}`,
  solution,
  others: [
    {
      says: 'entropies: rows plus columns minus pairs',
      source: `function mutualInformation(joint: number[][]): number {
  const total = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const nats = (shares: number[]) =>
    -total(shares.map((share) => (share > 0 ? share * Math.log(share) : 0)));
  const columns = joint[0].map((_, j) => total(joint.map((one) => one[j])));
  return nats(joint.map(total)) + nats(columns) - nats(joint.flat());
}`,
    },
    {
      says: 'loops over both positions',
      source: `function mutualInformation(joint: number[][]): number {
  let nats = 0;
  for (let i = 0; i < joint.length; i++) {
    for (let j = 0; j < joint[i].length; j++) {
      if (joint[i][j] === 0) continue;
      let [across, down] = [0, 0];
      for (const share of joint[i]) across += share;
      for (const one of joint) down += one[j];
      nats += joint[i][j] * Math.log(joint[i][j] / across / down);
    }
  }
  return nats;
}`,
    },
  ],
  hints: [
    'A pair that never occurs has probability 0. It adds nothing to the sum, so skip it: the '
    + 'logarithm of 0 is not finite.',
    'The row sum of a pair is the sum of `joint[i]`; its column sum adds up `joint[k][j]` over all '
    + 'rows k.',
  ],
  right: 'bound, loosely bound and independent positions, and tables that are not square: this is '
    + 'what a parallel generator throws away',
  explore: 'compute it for two positions of `twoWays`: how does it compare with the gap between '
    + 'the bars of the plot of entropies?',
  parts: [
    { says: 'pairs that all occur', points: 2 },
    { says: 'pairs that never occur', points: 2 },
  ],
  observer: 'call',
  shown: [
    { input: [[[0.3, 0.7]]] },
    { input: [[[0.28, 0.42], [0.12, 0.18]]] },
    { input: [[[0.4, 0.1], [0.1, 0.4]]] },
    { input: [[[0.5, 0.2], [0.1, 0.2]]] },
    { input: [[[0.3, 0.1, 0.1], [0.1, 0.2, 0.2]]] },
    { input: [[[0.5, 0], [0, 0.5]]], part: 1 },
    { input: [[[0.25, 0, 0], [0, 0.25, 0], [0, 0, 0.5]]], part: 1 },
    { input: [[[0.5, 0.25, 0], [0, 0.25, 0]]], part: 1 },
  ],
  hidden: (random) => Array.from({ length: 4 }, () => ({ input: [randomJoint(random)], part: 1 })),
  diagnose: (came) => {
    if (typeof came !== 'number') return 'a number is wanted';
    if (Number.isNaN(came)) return 'the result is NaN: is there a ln 0, or a division by 0?';
    return came < -1e-9 ? 'the result is never below 0' : undefined;
  },
  inMessage: (value) =>
    typeof value === 'number' ? `${Number(value.toFixed(6)) + 0} nats` : inWords(value),
  mistakes: [
    {
      says: 'the logarithm is the decimal one: nats are wanted, from the natural logarithm',
      source: edit(solution, ['Math.log(', 'Math.log10(']),
    },
    {
      says: 'these are bits: nats are wanted, from the natural logarithm',
      source: edit(solution, ['Math.log(', 'Math.log2(']),
    },
    {
      says: 'a pair that never occurs gives 0 · ln 0, which is NaN: skip it',
      source: edit(solution, ['share > 0 ? ', ''], [' : 0)', ')']),
    },
    {
      says: 'the logarithms are not weighted: multiply each by the probability of its pair',
      source: edit(solution, ['share * Math.log(', 'Math.log(']),
    },
    {
      says: 'the sign is wrong: the pair stands above the fraction, the product of the sums below',
      source: edit(solution, [
        'share / (sum(one) * columns[j])',
        '(sum(one) * columns[j]) / share',
      ]),
    },
    {
      says: 'the pair is compared with its row sum only: it is the product of row sum and column '
        + 'sum that independence gives',
      source: edit(solution, ['(sum(one) * columns[j])', 'sum(one)']),
    },
    {
      says: 'this is what one word leaves open about the other, the conditional entropy: divide by '
        + 'the column sum as well, and keep the sign',
      source: edit(solution, [
        'share * Math.log(share / (sum(one) * columns[j]))',
        '-share * Math.log(share / sum(one))',
      ]),
    },
    {
      says:
        'the row sums stand for the column sums, too: a column sum adds up one entry of each row',
      source: edit(solution, ['columns[j]', 'sum(joint[j] ?? [])']),
    },
    {
      says:
        'only the pairs on the diagonal are added: every pair with a probability above 0 counts',
      source: edit(solution, ['share > 0 ?', 'share > 0 && one === joint[j] ?']),
    },
    {
      says:
        'this is the entropy of the pairs: divide by row sum and column sum inside the logarithm',
      source: edit(solution, ['Math.log(share / (sum(one) * columns[j]))', '-Math.log(share)']),
    },
  ],
};
