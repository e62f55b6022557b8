import type { Exercise } from '../../exercise';
import { edit } from '../../exercise';
import type { PlainData } from '../../plain';

const solution = `function causalShares(rows: number[][]): number[][] {
  return rows.map((scores, t) => {
    const masked = scores.map((score, j) => (j <= t ? score : -Infinity));
    const powers = masked.map((score) => Math.exp(score));
    const total = powers.reduce((sum, power) => sum + power);
    return powers.map((power) => power / total);
  });
}`;

/** The solution with a different value in the place of the masked scores. */
const maskedBy = (value: string): string => edit(solution, ['(j <= t ? score : -Infinity)', value]);

const afterSoftmax = `function causalShares(rows: number[][]): number[][] {
  return rows.map((scores, t) => {
    const powers = scores.map((score) => Math.exp(score));
    const total = powers.reduce((sum, power) => sum + power);
    return powers.map((power, j) => (j <= t ? power / total : 0));
  });
}`;

export const causalShares: Exercise = {
  id: '16.0.2',
  name: 'causalShares',
  cell: 'shares',
  title: 'All rows at once',
  minutes: 10,
  difficulty: 'medium',
  statement: 'Write `causalShares`: it takes a square matrix of scores, already divided by '
    + '√width, with a row for each position. It masks every row, applies the softmax, and returns '
    + 'the attention weights: a matrix of the same shape.',
  stub: `function causalShares(rows: number[][]): number[][] {
  return rows; // your code
}`,
  solution,
  others: [
    {
      says: 'softmax over the visible part, then zeros',
      source: `function causalShares(rows: number[][]): number[][] {
  return rows.map((scores, t) => {
    const powers = scores.slice(0, t + 1).map((score) => Math.exp(score));
    const total = powers.reduce((sum, power) => sum + power, 0);
    return scores.map((_, j) => (j <= t ? powers[j] / total : 0));
  });
}`,
    },
    {
      says: 'two loops; the largest score is subtracted, so that no exponential overflows',
      source: `function causalShares(rows: number[][]): number[][] {
  const shares: number[][] = [];
  for (let t = 0; t < rows.length; t++) {
    const largest = Math.max(...rows[t].slice(0, t + 1));
    let total = 0;
    for (let j = 0; j <= t; j++) total += Math.exp(rows[t][j] - largest);
    const share = (score: number) => Math.exp(score - largest) / total;
    shares.push(rows[t].map((score, j) => (j <= t ? share(score) : 0)));
  }
  return shares;
}`,
    },
  ],
  hints: [
    'Row t may keep its first t + 1 scores, counting from 0.',
    'Mask first, then apply the softmax: if you set shares to 0 after the softmax, the rest no '
    + 'longer adds up to one.',
    'Section 16.0.2 does this for one position, below the text on the causal mask: put its lines '
    + 'into `rows.map((scores, t) => …)`, with t in place of `at`.',
  ],
  right: 'one position, two, four and more, with scores above and below zero',
  explore: 'what does it return for [[1000]], and what if you subtract the largest score first?',
  parts: [
    { says: 'scores of 0 and above', points: 1 },
    { says: 'scores of both signs', points: 2 },
  ],
  observer: 'call',
  shown: [
    { input: [[[2]]] },
    { input: [[[0, 5], [0, Math.log(3)]]] },
    { input: [[[1, 2, 3], [0, 0, 4], [2, 1, 0]]] },
    { input: [[[-1, -2], [1, -1]]], part: 1 },
    { input: [[[0, -1, 2, -3], [1, 1, 1, 1], [-2, 0, 2, 4], [3, -1, -1, 0]]], part: 1 },
  ],
  hidden: (random) =>
    Array.from({ length: 4 }, () => {
      const seq = 2 + random.integer(5);
      const row = (): number[] => Array.from({ length: seq }, () => 2 * random.normal());
      return { input: [Array.from({ length: seq }, row)], part: 1 };
    }),
  diagnose: (came, input) => {
    const [rows] = input as unknown as [number[][]];
    const shares = came as unknown as number[][];
    const { length } = rows;
    if (shares.length !== length || shares.some((row) => row.length !== length))
      return `the result must have ${length} rows of ${length} numbers, the masked ones as well`;
    if (!shares.flat().every((share) => Number.isFinite(share)))
      return 'a share is not finite: is there a row without any visible score, or a score times '
        + 'infinity?';
    if (shares.some((row, t) => row.some((share, j) => j > t && Math.abs(share) > 1e-9)))
      return 'a position takes something from a later one';
    const sums = shares.map((row) => row.reduce((sum, share) => sum + share));
    const t = sums.findIndex((sum) => Math.abs(sum - 1) > 1e-6);
    return t < 0 ? undefined : `row ${t} adds up to ${sums[t]!.toFixed(3)}, and shares to 1`;
  },
  mistakes: [
    { says: 'nothing is masked: each position sees the later ones', source: maskedBy('score') },
    {
      says: 'the mask comes after the softmax, so the shares that are left no longer add up to one',
      source: afterSoftmax,
    },
    {
      says: 'the mask is transposed: each position sees the later ones and not the earlier ones',
      source: maskedBy('(j >= t ? score : -Infinity)'),
    },
    {
      says: 'a position does not see itself, and the first one sees nothing: its row is 0 / 0',
      source: maskedBy('(j < t ? score : -Infinity)'),
    },
    {
      says: 'the mask is one too wide: each position sees the next one as well',
      source: maskedBy('(j <= t + 1 ? score : -Infinity)'),
    },
    {
      says: 'masked scores are 0, and the exponential of 0 is 1: only that of -Infinity is 0',
      source: maskedBy('(j <= t ? score : 0)'),
    },
    {
      says: 'masked scores are multiplied by infinity: a negative one becomes +Infinity and 0 '
        + 'becomes NaN, so replace the score',
      source: maskedBy('(j <= t ? score : score * -Infinity)'),
    },
    {
      says: 'the scores are divided once more: they come already divided by the square root of the '
        + 'width',
      source: edit(solution, ['Math.exp(score)', 'Math.exp(score / 2)']),
    },
    {
      says: 'the softmax has no exponential: it divides the scores themselves by their sum',
      source: edit(solution, ['(j <= t ? score : -Infinity)', '(j <= t ? score : 0)'], [
        'Math.exp(score)',
        'score',
      ]),
    },
    {
      says: 'the softmax has no exponential: it divides the scores themselves by their sum',
      source: `function causalShares(rows: number[][]): number[][] {
  return rows.map((scores, t) => {
    const total = scores.slice(0, t + 1).reduce((sum, score) => sum + score, 0);
    return scores.map((score, j) => (j <= t ? score / total : 0));
  });
}`,
    },
    {
      says: 'the softmax is missing: these are the masked scores',
      source: `function causalShares(rows: number[][]): number[][] {
  return rows.map((scores, t) => scores.map((score, j) => (j <= t ? score : -Infinity)));
}`,
    },
    {
      says: 'the softmax runs down the columns: the shares of each row must add up to one',
      source: `function causalShares(rows: number[][]): number[][] {
  const powers = rows.map((scores, t) =>
    scores.map((score, j) => (j <= t ? Math.exp(score) : 0))
  );
  const totals = rows.map((_, j) => powers.reduce((sum, row) => sum + row[j], 0));
  return powers.map((row) => row.map((power, j) => power / totals[j]));
}`,
    },
    {
      says: 'the softmax runs over the whole matrix: each row has a softmax of its own',
      source: `function causalShares(rows: number[][]): number[][] {
  const powers = rows.map((scores, t) =>
    scores.map((score, j) => (j <= t ? Math.exp(score) : 0))
  );
  const total = powers.flat().reduce((sum, power) => sum + power, 0);
  return powers.map((row) => row.map((power) => power / total));
}`,
    },
  ],
  inMessage: (came: PlainData) =>
    (came as unknown as number[][]).map((row) =>
      `[${row.map((share) => Number(share.toPrecision(3))).join(', ')}]`
    ).join(' '),
};
