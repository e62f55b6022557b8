import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosineOfPi, normOf, power } from '../../lib/base/numbers';

describe('numbers', () => {
  it('cosineOfPi(x) is the cosine of πx, to the last digits', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (x) => {
      // π itself is rounded, so Math.cos(π / 2) is 6e-17 and not 0
      expect(Math.abs(cosineOfPi(x) - Math.cos(Math.PI * x))).toBeLessThan(4e-16);
    }));
    expect(cosineOfPi(0.5)).toBe(0);
  });

  it('normOf is the length of several vectors as one', () => {
    expect(normOf([[3, 0], [], [0, 4]])).toBe(5);
    expect(normOf([])).toBe(0);
    // summed in float64: in float32, all but the first would be lost
    expect(normOf([Float32Array.of(1, ...Array<number>(1000).fill(1e-4))])).toBeCloseTo(
      Math.sqrt(1 + 1000 * 1e-8),
      12,
    );
  });

  it('powers are right, and the same in every version of Node', () => {
    const bases = [0.9, 0.999, 1, 2, 3, 7, 20, 59];
    const exponents = [0, 1, 2, 10, -1, 0.1, 0.3, 0.7, 1.3, 1.7, -0.5];
    const values = bases.flatMap((base) => exponents.map((exponent) => power(base, exponent)));
    const plain = bases.flatMap((base) => exponents.map((exponent) => base ** exponent));
    values.forEach((value, i) => expect(value / plain[i]!).toBeCloseTo(1, 14));
    // A loop of so many rounds would not end within the test.
    const most = Number.MAX_SAFE_INTEGER;
    expect(power(0.9, most)).toBeLessThan(2 ** -59);
    expect([power(1, most), power(2, most)]).toEqual([1, Infinity]);
    // Made with Node 20; `**` gives another hash in Node 24.
    const hash = createHash('sha256').update(new Uint8Array(new Float64Array(values).buffer));
    expect(hash.digest('hex').slice(0, 16)).toBe('d2e760093aea8923');
  });
});
