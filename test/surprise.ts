/**
 * How far counts are from exact probabilities: Pearson's χ² over cells of at least 5 expected and
 * one for the rest, in standard deviations of a normal variable (Wilson and Hilferty 1931). Above 4
 * comes once in 30,000 by luck.
 */
export function surprise(
  counts: Map<string, number>,
  exact: Map<string, number>,
  samples: number,
): number {
  let [statistic, cells, restFound, restExpected] = [0, 0, samples, samples];
  for (const [key, p] of exact) {
    const expected = p * samples;
    if (expected < 5) continue;
    const found = counts.get(key) ?? 0;
    statistic += (found - expected) ** 2 / expected;
    cells += 1;
    [restFound, restExpected] = [restFound - found, restExpected - expected];
  }
  if (restExpected >= 5)
    [statistic, cells] = [statistic + (restFound - restExpected) ** 2 / restExpected, cells + 1];
  const degrees = cells - 1;
  return (Math.cbrt(statistic / degrees) - (1 - 2 / (9 * degrees))) / Math.sqrt(2 / (9 * degrees));
}
