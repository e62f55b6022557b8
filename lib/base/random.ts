/**
 * Random numbers that are the same, bit for bit, on every machine: whole-number arithmetic, and + -
 * * / and sqrt, which IEEE 754 defines to the last bit. `Math.log` and its kin are not used, since
 * engines may differ in them.
 *
 * The generator is xoshiro128** 1.1 (Blackman and Vigna, 2018), its four words filled by
 * splitmix32.
 */
export class Random {
  private readonly seed: number;
  private readonly state = new Uint32Array(4);
  private spareNormal: number | undefined;

  /** `seed` is any whole number from 0 to 2^53 - 1. Throws a RangeError for anything else. */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`a seed is a whole number from 0 to 2^53 - 1, got ${seed}`);
    }
    this.seed = seed;
    const low = splitmix32(seed >>> 0);
    const high = splitmix32(Math.floor(seed / 2 ** 32) ^ 0x5bf03635);
    for (let i = 0; i < 4; i++) this.state[i] = low() ^ high();
    // the one state that would stay where it is
    if (this.state.every((word) => word === 0)) this.state[0] = 1;
  }

  /** 32 random bits as a whole number from 0 to 2^32 - 1. */
  bits(): number {
    const s = this.state;
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotateLeft(s[3], 11);
    return result;
  }

  /** A number in [0, 1), a multiple of 2^-53. */
  uniform(): number {
    const high = this.bits() >>> 5;
    const low = this.bits() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /**
   * A whole number from 0 to n - 1, every one equally probable (the uneven rest is thrown away).
   */
  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
      throw new RangeError(`integer(n) wants a whole number n from 1 to 2^32, got ${n}`);
    }
    const limit = 2 ** 32 - (2 ** 32 % n);
    for (;;) {
      const bits = this.bits();
      if (bits < limit) return bits % n;
    }
  }

  /**
   * A draw from the normal distribution with mean 0 and variance 1 (Marsaglia's polar method; two
   * at a time).
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

  /** A copy of `items` in random order (Fisher and Yates); `items` stays as it is. */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = items.slice();
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
    }
    return shuffled;
  }

  /**
   * An index drawn with probability proportional to `weights` [n]. Throws if they are not numbers
   * >= 0, one > 0.
   */
  choose(weights: ArrayLike<number>): number {
    let total = 0;
    for (let i = 0; i < weights.length; i++) {
      if (!(weights[i] >= 0))
        throw new RangeError(`weights are numbers >= 0, got ${weights[i]} at index ${i}`);
      total += weights[i];
    }
    if (!(total > 0) || total === Infinity)
      throw new RangeError(`weights need a finite sum above 0, got ${total}`);
    let left = this.uniform() * total;
    let last = 0;
    for (let i = 0; i < weights.length; i++) {
      if (weights[i] === 0) continue;
      if (left < weights[i]) return i;
      left -= weights[i];
      last = i;
    }
    // rounding may leave a crumb above the sum: it belongs to the last one that is possible
    return last;
  }

  /**
   * A generator of its own for one purpose, such as 'weights' or 'batches'. It depends on the seed
   * and the label only, so that drawing more for one purpose never changes another.
   */
  fork(label: string): Random {
    const name = `${this.seed}/${label}`;
    let hash = 0x811c9dc5; // FNV-1a
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    const mix = splitmix32(hash >>> 0);
    return new Random((mix() >>> 11) * 2 ** 32 + mix());
  }
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
 * ln x for 0 < x < 1, from + - * / alone: halvings bring x near 1, then 2 atanh((x - 1) / (x + 1))
 * as a series.
 */
export function naturalLog(x: number): number {
  let halvings = 0;
  let near = x;
  while (near < Math.SQRT1_2) {
    near *= 2; // exact
    halvings++;
  }
  const z = (near - 1) / (near + 1); // |z| < 0.172, so the 12th term is below 1e-18
  let series = 0;
  for (let k = 23; k >= 1; k -= 2) series = series * z * z + 1 / k;
  return 2 * z * series - halvings * Math.LN2;
}
