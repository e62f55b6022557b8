import { describe, expect, it } from 'vitest';
import { exp, log } from '../../lib/base/exp-and-log';
import { Random } from '../../lib/base/random';

/** Bits of float64 numbers as one number (FNV-1a). */
function hash(values: readonly number[]): number {
  let found = 0x811c9dc5;
  for (const half of new Uint32Array(Float64Array.from(values).buffer))
    found = Math.imul(found ^ half, 0x01000193);
  return found >>> 0;
}

const random = new Random(1);
const small = Array.from({ length: 50_000 }, () => random.normal());
const wide = small.map((x) => 200 * x);
const positive = small.map((x) => Math.abs(x) * 2 ** Math.floor(600 * random.uniform()));
const near1 = small.map((x) => 1 + x / 2 ** 16);
const halfLn2 = small.map((x) => (Math.LN2 / 2) * (1 + x / 2 ** 20));
const root2 = small.map((x) => Math.SQRT2 * (1 + x / 2 ** 20));

describe('e^x and the logarithm', () => {
  it('have the bits of fdlibm, as Math.exp and Math.log of Node 20 give them', () => {
    const exponents = [...small, ...wide, ...halfLn2, ...halfLn2.map((x) => -3 * x)];
    const found = [hash(exponents.map(exp)), hash([...positive, ...near1, ...root2].map(log))];
    expect(found).toEqual([3609835111, 3926224452]);
  });

  it('are those of Math to within two units of the last place, in any engine', () => {
    const ulps = (a: number, b: number): number =>
      a === b ? 0 : Math.abs(a - b) / (Math.abs(b) * 2 ** -52);
    expect(Math.max(...small.map((x) => ulps(exp(x), Math.exp(x))))).toBeLessThan(2);
    expect(Math.max(...positive.map((x) => ulps(log(x), Math.log(x))))).toBeLessThan(2);
  });

  it('know the ends of the numbers', () => {
    expect([0, -Infinity, -746, 710, Infinity, NaN].map(exp)).toEqual([
      1,
      0,
      0,
      Infinity,
      Infinity,
      NaN,
    ]);
    expect(exp(-745)).toBe(5e-324);
    expect(exp(709.782712893384)).toBe(1.7976931348622732e308);
    expect([1, 0, -0, -1, Infinity, NaN].map(log)).toEqual([
      0,
      -Infinity,
      -Infinity,
      NaN,
      Infinity,
      NaN,
    ]);
    expect(log(5e-324)).toBe(-744.4400719213812);
  });
});
