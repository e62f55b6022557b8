/** Distributions for the exercises of 16.7. */
import type { Random } from '../../../base/random';

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
