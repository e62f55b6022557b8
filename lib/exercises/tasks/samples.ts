/** Whether counts are samples of a distribution: for answers whose results differ by chance. */

/** Of results that differ when the seed of `dice` is repeated. */
export const CHANCE = 'the same seed of dice gives different results: take all chance from dice';

/** Ends the words for such results: alone they may look right. */
export const AGAIN = '; with the same seed again, others';

/** How often each outcome came, by a text that names it. */
export type SampleCounts = ReadonlyMap<string, number>;

/**
 * −ln of half the probability with which one bound of {@link bound} is exceeded by chance: 1e-9.
 */
const L = Math.log(2 / 1e-9);

/**
 * How far a sum of independent values can be from its mean: more than this has a probability below
 * 1e-9, by Bernstein's inequality. `variance` is that of the sum, `most` the largest distance of
 * one value from its mean.
 */
const bound = (variance: number, most: number): number =>
  (most * L) / 3 + Math.sqrt(((most * L) / 3) ** 2 + 2 * L * variance);

const total = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

/**
 * Whether the counts can be those of samples from `chances`, which sum to 1: each outcome alone,
 * and the log-probability of all together, which notices a temperature.
 */
export function follows(counts: SampleCounts, chances: SampleCounts): boolean {
  const n = total(counts.values());
  if ([...counts.keys()].some((key) => !(chances.get(key)! > 0))) return false;
  const logs = new Map([...chances].map(([key, chance]) => [key, Math.log(chance)]));
  const likely = [...chances].filter(([, chance]) => chance > 0);
  const mean = total(likely.map(([key, chance]) => chance * logs.get(key)!));
  const variance = total(likely.map(([key, chance]) => chance * (logs.get(key)! - mean) ** 2));
  const most = Math.max(...likely.map(([key]) => Math.abs(logs.get(key)! - mean)));
  const came = total([...counts].map(([key, count]) => count * logs.get(key)!));
  return Math.abs(came - n * mean) <= bound(n * variance, most) + 1e-6
    && likely.every(([key, chance]) =>
      Math.abs((counts.get(key) ?? 0) - n * chance) <= bound(n * chance * (1 - chance), 1)
    );
}

/** Whether two lists of counts can be samples of one distribution. */
export function resemble(one: SampleCounts, two: SampleCounts): boolean {
  const [n, m] = [total(one.values()), total(two.values())];
  return [...new Set([...one.keys(), ...two.keys()])].every((key) => {
    const [a, b] = [one.get(key) ?? 0, two.get(key) ?? 0];
    const chance = (a + b) / (n + m);
    const variance = chance * (1 - chance) * (1 / n + 1 / m);
    return Math.abs(a / n - b / m) <= bound(variance, 1 / Math.min(n, m));
  });
}
