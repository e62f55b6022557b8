import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosineOfPi, normOf } from '../../lib/base/numbers';

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
});
