import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naturalLog, Random, type RandomState } from '../../lib/base/random';

describe('Random', () => {
  it('gives the same numbers for the same seed on every machine', () => {
    const random = new Random(16);
    expect(Array.from({ length: 4 }, () => random.bits())).toEqual(BITS);
    const normals = new Random(16);
    expect(Array.from({ length: 4 }, () => normals.normal())).toEqual(NORMALS);
  });

  it('follows xoshiro128** as its authors wrote it', () => {
    // The reference in 64-bit integers, started from the state that seed 16 gives.
    const random = new Random(16);
    let [s0, s1, s2, s3] = stateOf(random);
    const mask = 0xffffffffn;
    const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask;
    for (let i = 0; i < 1000; i++) {
      const expected = (rotate((s1 * 5n) & mask, 7n) * 9n) & mask;
      const t = (s1 << 9n) & mask;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = rotate(s3, 11n);
      expect(BigInt(random.bits())).toBe(expected);
    }
  });

  it('samples uniform numbers in [0, 1): mean, variance, and even bins', () => {
    const random = new Random(1);
    const n = 100_000;
    const bins = new Array<number>(100).fill(0);
    let [mean, square] = [0, 0];
    for (let i = 0; i < n; i++) {
      const u = random.uniform();
      mean += u / n;
      square += (u * u) / n;
      bins[Math.floor(u * 100)]!++;
    }
    expect(mean).toBeCloseTo(1 / 2, 2);
    expect(square - mean * mean).toBeCloseTo(1 / 12, 2);
    const chiSquare = bins.reduce((sum, count) => sum + (count - n / 100) ** 2 / (n / 100), 0);
    expect(chiSquare).toBeLessThan(149); // the 0.999 quantile with 99 degrees of freedom
  });

  it('samples normal numbers: their moments, and the Kolmogorov-Smirnov distance', () => {
    const random = new Random(2);
    const n = 50_000;
    const samples = Array.from({ length: n }, () => random.normal()).sort((a, b) => a - b);
    const moment = (k: number) => samples.reduce((sum, x) => sum + x ** k, 0) / n;
    // four standard errors, here and below
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
    const distance = samples.reduce((most, x, i) => {
      const p = normalCdf(x);
      return Math.max(most, Math.abs(p - i / n), Math.abs(p - (i + 1) / n));
    }, 0);
    expect(distance).toBeLessThan(1.95 / Math.sqrt(n)); // the 0.999 quantile
    // two neighbours come from one pair of the polar method: they must not be correlated
    const again = new Random(2);
    let product = 0;
    for (let i = 0; i < n / 2; i++) product += again.normal() * again.normal();
    expect(Math.abs(product / (n / 2))).toBeLessThan(4 / Math.sqrt(n / 2));
  });

  it('has a logarithm that agrees with the built-in one to its last digits', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-300, max: 1, minExcluded: true, maxExcluded: true, noNaN: true }),
        (x) => {
          const relative = Math.abs(naturalLog(x) - Math.log(x)) / Math.abs(Math.log(x));
          expect(relative).toBeLessThan(1e-15);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('samples integers evenly, also where n does not divide 2^32', () => {
    const random = new Random(3);
    const n = 3 * 2 ** 30; // taking the remainder would give the lowest third twice as often
    let low = 0;
    for (let i = 0; i < 30_000; i++) if (random.integer(n) < n / 3) low++;
    expect(Math.abs(low - 10_000)).toBeLessThan(4 * Math.sqrt(30_000 * (1 / 3) * (2 / 3)));
    const seen = new Set(Array.from({ length: 200 }, () => random.integer(7)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(random.integer(1)).toBe(0);
  });

  it('shuffles into every order equally often and does not change the original', () => {
    const random = new Random(4);
    const items = ['a', 'b', 'c'];
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = random.shuffle(items).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(items).toEqual(['a', 'b', 'c']);
    expect(counts.size).toBe(6);
    const chiSquare = [...counts.values()].reduce(
      (sum, count) => sum + (count - 1000) ** 2 / 1000,
      0,
    );
    expect(chiSquare).toBeLessThan(20.5); // the 0.999 quantile with 5 degrees of freedom
  });

  it('chooses by weight and never an index of weight 0', () => {
    const random = new Random(5);
    const weights = [1, 0, 3, 0];
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 10_000; i++) counts[random.choose(weights)]!++;
    expect([counts[1], counts[3]]).toEqual([0, 0]);
    expect(Math.abs(counts[0]! - 2500)).toBeLessThan(4 * Math.sqrt(10_000 * 0.25 * 0.75));
    for (const wrong of [[1, -1], [1, Number.NaN]])
      expect(() => random.choose(wrong)).toThrow('weights[1] must be a number of at least 0, got');
    for (const wrong of [[], [0, 0], [Infinity]])
      expect(() => random.choose(wrong)).toThrow('the sum of the weights must be a number above 0');
  });

  it('forks by label and seed, independent of the numbers taken before', () => {
    const used = new Random(6);
    used.uniform();
    expect(used.fork('weights').uniform()).toBe(new Random(6).fork('weights').uniform());
    const firsts = ['weights', 'batches', 'dropout', ''].flatMap((label) =>
      [6, 7, 6 + 2 ** 32].map((seed) => new Random(seed).fork(label).uniform())
    );
    expect(new Set([...firsts, new Random(6).uniform()]).size).toBe(13);
  });

  it('refuses invalid seeds and ranges', () => {
    for (const seed of [-1, 0.5, Number.NaN, Infinity, 2 ** 53]) {
      expect(() => new Random(seed)).toThrow(
        `seed must be an integer from 0 to 2^53 - 1, got ${seed}`,
      );
    }
    for (const n of [0, -1, 1.5, 2 ** 32 + 1])
      expect(() => new Random(1).integer(n)).toThrow('n must be an integer from 1 to 4294967296');
  });

  it('goes on from its state, bit for bit, after a detour by JSON', () => {
    for (const used of [0, 1, 2, 3]) {
      const random = new Random(2 ** 40 + 7);
      for (let i = 0; i < used; i++) random.normal(); // after an odd number, one is in store
      const copy = new Random(1);
      copy.state = JSON.parse(JSON.stringify(random.state)) as RandomState;
      const next = (of: Random): number[] => [of.normal(), of.bits(), of.normal(), of.uniform()];
      expect(next(copy)).toEqual(next(random));
      expect(copy.fork('a').bits()).toBe(random.fork('a').bits());
      expect(copy.state).toEqual(random.state);
    }
  });

  it.each([
    [{ words: [0, 0, 0, 0] }, 'words must be four integers from 0 to 2^32 - 1, not all 0'],
    [{ words: [1, 2, 3] }, 'words must be four integers'],
    [{ words: [1, 2, 3, 2 ** 32] }, 'words must be four integers'],
    [{ seed: -1 }, 'seed must be an integer from 0 to 2^53 - 1, got -1'],
    [{ spareNormal: Number.NaN }, 'spareNormal must be a number, got NaN'],
  ])('refuses the state %j and keeps its own', (change, message) => {
    const random = new Random(3);
    const before = random.state;
    expect(() => (random.state = { ...before, ...change })).toThrow(message);
    expect(random.state).toEqual(before);
  });
});

/** The four words of the generator. */
function stateOf(random: Random): [bigint, bigint, bigint, bigint] {
  return random.state.words.map(BigInt) as [bigint, bigint, bigint, bigint];
}

/**
 * The normal distribution function: the series of x around 0, and the continued fraction in the
 * tails.
 */
function normalCdf(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (Math.abs(x) > 3) {
    let fraction = 0;
    for (let k = 60; k >= 1; k--) fraction = k / (Math.abs(x) + fraction);
    const tail = density / (Math.abs(x) + fraction);
    return x > 0 ? 1 - tail : tail;
  }
  let [sum, term] = [x, x];
  for (let k = 3; k < 200; k += 2) sum += term *= (x * x) / k;
  return 0.5 + density * sum;
}

const BITS = [2711366389, 3433300321, 3314463284, 2662203144];
const NORMALS = [0.6183251284095165, 1.2796504926509882, 0.9450201462520577, 0.06989738343069947];
