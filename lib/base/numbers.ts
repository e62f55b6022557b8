/** Arithmetic on rows of numbers that are not tensors. */
import { exp, log } from './exp-and-log';
import type { Random } from './random';

/** The index of the largest number; of equal ones, the first. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** exp(logit), divided by the sum over all logits: the results sum to 1. */
export function softmax(logits: ArrayLike<number>): Float64Array {
  const scores = new Float64Array(logits);
  const most = scores[argmax(scores)]!;
  // no overflow: the largest is exp(0)
  const powers = scores.map((score) => exp(score - most));
  const total = sum(powers);
  return powers.map((power) => power / total);
}

/** log(softmax): also correct where the probability itself would round to 0. */
export function logSoftmax(logits: ArrayLike<number>): Float64Array {
  const scores = new Float64Array(logits);
  const most = scores[argmax(scores)]!;
  const logSum = log(sum(scores.map((score) => exp(score - most))));
  return scores.map((score) => score - most - logSum);
}

/** The sum of numbers, added in the given order. */
export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** The mean of numbers; NaN if there are none. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** The length of several vectors as if they were one: the root of the sum of all squares. */
export function normOf(vectors: readonly ArrayLike<number>[]): number {
  let total = 0;
  for (const vector of vectors)
    for (let i = 0; i < vector.length; i++) total += vector[i]! * vector[i]!;
  return Math.sqrt(total);
}

/**
 * Indices of the `count` largest numbers above −Infinity, largest first; equal ones in the order of
 * their indices. It takes one pass and no sort, because a vocabulary is long.
 */
export function largestIndices(values: ArrayLike<number>, count: number): number[] {
  const best: number[] = [];
  const worst = (): number => (best.length < count ? -Infinity : values[best[count - 1]!]!);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value > worst())) continue;
    let rank = best.length;
    while (rank > 0 && values[best[rank - 1]!]! < value) rank--;
    best.splice(rank, 0, i);
    best.length = Math.min(best.length, count);
  }
  return best;
}

/**
 * `count` distinct indices, or fewer if fewer logits are above −Infinity. Each is sampled from the
 * softmax of those that are left.
 */
export function sampleIndices(logits: ArrayLike<number>, count: number, random: Random): number[] {
  const left = new Float64Array(logits);
  const drawn: number[] = [];
  while (drawn.length < count && left.some((logit) => logit > -Infinity)) {
    const index = random.choose(softmax(left));
    drawn.push(index);
    left[index] = -Infinity;
  }
  return drawn;
}

/** The `count` most probable tokens, most probable first; equal ones in the order of their ids. */
export function mostProbable(probabilities: ArrayLike<number>, count: number): number[] {
  const ids = Array.from(probabilities, (_, id) => id);
  return ids.sort((a, b) => probabilities[b]! - probabilities[a]! || a - b).slice(0, count);
}

/**
 * cos(πx) for x from 0 to 1, with + - * / only, so that it is the same on every machine: the series
 * of the sine of π(1/2 − x).
 */
export function cosineOfPi(x: number): number {
  const y = Math.PI * (0.5 - x); // |y| is at most π/2, so the 13th term is below 1e-20
  let series = 1;
  for (let k = 24; k >= 2; k -= 2) series = 1 - (series * y * y) / (k * (k + 1));
  return y * series;
}

/**
 * `base`^`exponent` for a base above 0, the same in every version of Node, which `**` is not in its
 * last digit. Integer exponents from 0 are products, where less than 2^-60 counts as 0 beside 1.
 */
export function power(base: number, exponent: number): number {
  if (!Number.isInteger(exponent) || exponent < 0) return exp(exponent * log(base));
  if (base === 1) return 1;
  let product = 1; // the loop ends early: a legal exponent may be 1e9
  for (let left = exponent; left > 0 && product > 2 ** -60 && product < Infinity; left--)
    product *= base;
  return product;
}
