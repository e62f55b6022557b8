/** Distributions for the exercises of 16.7. */
import type { Random } from '../../../base/random';
import { inWords, type PlainData } from '../../plain';

/** Numbers above 0 that sum to 1, none nearly equal to a different one. */
export function randomDistribution(random: Random): number[] {
  const weights = Array.from({ length: 3 + random.integer(6) }, () => random.uniform() ** 3 + 0.01);
  const sum = weights.reduce((a, b) => a + b);
  const shares = weights.map((weight) => weight / sum);
  const sorted = [...shares].sort((a, b) => a - b);
  const areClose = sorted.some((share, i) => i > 0 && share - sorted[i - 1]! < 1e-3);
  return areClose ? randomDistribution(random) : shares;
}

/** The functions of the notebook that a solution may use (16.7.3). */
export const keep = (probabilities: ArrayLike<number>, ids: number[]): number[] => {
  const mass = ids.reduce((sum, id) => sum + probabilities[id]!, 0);
  return Array.from(probabilities, (one, id) => (ids.includes(id) ? one / mass : 0));
};

/**
 * What is certainly wrong with an answer that removes tokens from `shares` and divides by what is
 * left. `ofTokens` says what is wrong with the choice of the tokens whose number is not 0.
 */
export function faultOfFilter(
  came: PlainData,
  shares: readonly number[],
  ofTokens: (values: readonly number[]) => string | undefined,
): string {
  const values = came as number[];
  if (!Array.isArray(came) || values.length !== shares.length)
    return `a number for each of the ${shares.length} tokens is wanted, 0 for the removed ones`;
  if (values.some((one) => Number.isNaN(one)))
    return 'the result holds NaN: a removed token has 0, and a sum of 0 divides nothing';
  const fault = ofTokens(values);
  if (fault !== undefined) return fault;
  const sum = values.reduce((a, b) => a + b, 0);
  return Math.abs(sum - 1) > 1e-6
    ? `the result sums to ${inWords(sum)}, not to 1`
    : 'the right tokens, but the numbers of those that stay must keep their proportions';
}
