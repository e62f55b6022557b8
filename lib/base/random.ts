import { check, checkInteger, checkNumber } from './checks';

/** All that the next numbers of a {@link Random} depend on, in a form that JSON keeps exactly. */
export interface RandomState {
  /** The seed that {@link Random.fork} reads. */
  seed: number;
  /** Four integers from 0 to 2^32 - 1, not all 0. */
  words: number[];
  /** The second of two normal samples, if only the first was used. */
  spareNormal: number | null;
}

/**
 * Random numbers that are the same, bit for bit, on every machine: integer arithmetic, and + - * /
 * and sqrt, which IEEE 754 defines to the last bit. `Math.log` and similar functions are not used,
 * because engines may differ in their last bits.
 *
 * The generator is xoshiro128** 1.1 (Blackman and Vigna, 2018); splitmix32 turns the seed into its
 * state, four words.
 */
export class Random {
  private seed: number;
  private readonly words = new Uint32Array(4);
  private spareNormal: number | undefined;

  /** @throws RangeError if `seed` is not an integer from 0 to 2^53 - 1 */
  constructor(seed: number) {
    checkSeed(seed);
    this.seed = seed;
    const low = splitmix32(seed >>> 0);
    const high = splitmix32(Math.floor(seed / 2 ** 32) ^ 0x5bf03635);
    for (let i = 0; i < 4; i++) this.words[i] = low() ^ high();
    // from a state of four zeros xoshiro returns only zeros
    if (this.words.every((word) => word === 0)) this.words[0] = 1;
  }

  /** The state: a generator that is given it goes on with the same numbers, bit for bit. */
  get state(): RandomState {
    const { seed, words, spareNormal = null } = this;
    return { seed, words: [...words], spareNormal };
  }

  /** @throws RangeError if `state` is not one that a generator can have */
  set state(state: RandomState) {
    const { seed, words, spareNormal } = state;
    checkSeed(seed);
    const areWords = Array.isArray(words) && words.length === 4
      && words.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32)
      && words.some((word) => word > 0);
    check(areWords, 'words', 'four integers from 0 to 2^32 - 1, not all 0', words);
    if (spareNormal !== null) checkNumber('spareNormal', spareNormal);
    this.seed = seed;
    this.words.set(words);
    this.spareNormal = spareNormal ?? undefined;
  }

  /** 32 random bits as an integer from 0 to 2^32 - 1. */
  bits(): number {
    const s = this.words;
    const result = Math.imul(rotateLeft(Math.imul(s[1]!, 5), 7), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = rotateLeft(s[3]!, 11);
    return result;
  }

  /** A number in [0, 1), a multiple of 2^-53. */
  uniform(): number {
    const high = this.bits() >>> 5;
    const low = this.bits() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /**
   * An integer from 0 to n - 1, all equally probable: bits from the last multiple of n upwards are
   * rejected.
   * @throws RangeError if `n` is not an integer from 1 to 2^32
   */
  integer(n: number): number {
    checkInteger('n', n, { from: 1, to: 2 ** 32 });
    const limit = 2 ** 32 - (2 ** 32 % n);
    for (;;) {
      const bits = this.bits();
      if (bits < limit) return bits % n;
    }
  }

  /**
   * A sample of the normal distribution with mean 0 and variance 1 (Marsaglia's polar method, which
   * gives two at a time).
   */
  normal(): number {
    if (this.spareNormal !== undefined) {
      const spare = this.spareNormal;
      this.spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const s = x * x + y * y;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * naturalLog(s)) / s);
      this.spareNormal = y * scale;
      return x * scale;
    }
  }

  /** A copy of `items` in random order (Fisher and Yates); `items` is not changed. */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = items.slice();
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
    }
    return shuffled;
  }

  /**
   * A random index, with probability proportional to `weights` [n].
   * @throws RangeError if a weight is negative or NaN, or their sum is 0 or infinite
   */
  choose(weights: ArrayLike<number>): number {
    let total = 0;
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i]!;
      // the name is built only if the check fails, because this loop runs over a whole vocabulary
      if (!(weight >= 0)) checkNumber(`weights[${i}]`, weight, { from: 0 });
      total += weight;
    }
    checkNumber('the sum of the weights', total, { above: 0 });
    let left = this.uniform() * total;
    let last = 0;
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i]!;
      if (weight === 0) continue;
      if (left < weight) return i;
      left -= weight;
      last = i;
    }
    // rounding may leave a rest after the last weight: then return the last index of weight above 0
    return last;
  }

  /**
   * A separate generator for one purpose, such as 'weights' or 'batches'. It depends only on the
   * seed and the label, so sampling more numbers for one purpose never changes another.
   */
  fork(label: string): Random {
    const name = `${this.seed}/${label}`;
    let hash = 0x811c9dc5; // FNV-1a
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    const mix = splitmix32(hash >>> 0);
    return new Random((mix() >>> 11) * 2 ** 32 + mix());
  }
}

/** @throws RangeError if `random` is not a {@link Random} */
export function checkRandom(random: unknown): void {
  const isRandom = typeof (random as Partial<Random> | null | undefined)?.bits === 'function';
  check(isRandom, 'random', 'a generator, such as new Random(1)', random);
}

function checkSeed(seed: number): void {
  const isSeed = Number.isSafeInteger(seed) && seed >= 0;
  check(isSeed, 'seed', 'an integer from 0 to 2^53 - 1', seed);
}

function rotateLeft(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}

function splitmix32(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

/**
 * ln x for 0 < x < 1, with + - * / only: doublings bring x near 1, then 2 atanh((x - 1) / (x + 1))
 * as a series. Exported so that a test can compare it with `Math.log`. exp-and-log.ts has a
 * logarithm for all x; here it would change the last bits of every seed's numbers.
 */
export function naturalLog(x: number): number {
  let doublings = 0;
  let near = x;
  while (near < Math.SQRT1_2) {
    near *= 2; // exact
    doublings++;
  }
  const z = (near - 1) / (near + 1); // |z| < 0.172, so the 12th term is below 1e-18
  let series = 0;
  for (let k = 23; k >= 1; k -= 2) series = series * z * z + 1 / k;
  return 2 * z * series - doublings * Math.LN2;
}
