import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantized, roundTo, spacingAt } from '../../lib/experiments/number-formats';
import { ready, tf } from '../../lib/index';

/** The float32 with these 32 bits. */
function fromBits(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits);
  return view.getFloat32(0);
}

/** All positive finite numbers of bfloat16: the upper half of the bits of a float32. */
const BFLOAT16 = Array.from({ length: 0x7f80 }, (_, n) => fromBits(n * 0x10000));

/** The same of float16, from its definition: IEEE 754-2019, table 3.5, binary16. */
const FLOAT16 = Array.from({ length: 0x7c00 }, (_, n) => {
  const [exponent, fraction] = [n >> 10, n & 1023];
  return exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
});

describe('rounding', () => {
  it.each<['bfloat16' | 'float16', number, number]>([
    ['bfloat16', Math.PI, 3.140625],
    ['float16', Math.PI, 3.140625],
    ['bfloat16', 0.1, 0.10009765625],
    ['float16', 0.1, 0.0999755859375],
    ['bfloat16', 1 / 3, 0.333984375],
    ['float16', 1 / 3, 0.333251953125],
    ['bfloat16', 1 + 2 ** -8, 1], // a tie: to the even one
    ['bfloat16', 1 + 3 * 2 ** -8, 1 + 2 ** -6],
    ['float16', 65519, 65504],
    ['float16', 65520, Infinity],
    ['float16', -70000, -Infinity],
    ['float16', 2 ** -25, 0],
    ['float16', 3 * 2 ** -25, 2 ** -23],
    ['bfloat16', 3.4e38, Infinity],
    ['bfloat16', 65520, 65536],
  ])('to %s, %d becomes %d', (format, value, wanted) => {
    expect(roundTo(format, [value])[0]).toBe(wanted);
  });

  it.each<['bfloat16' | 'float16', number[]]>([['bfloat16', BFLOAT16], ['float16', FLOAT16]])(
    'keeps every number of %s, and takes a half to the even neighbour',
    (format, all) => {
      expect(Array.from(roundTo(format, all))).toEqual(all);
      const halves = all.slice(1).map((value, n) => (value + all[n]!) / 2);
      const even = halves.map((_, n) => all[n + n % 2]!);
      expect(Array.from(roundTo(format, halves))).toEqual(even);
    },
  );

  it('gives the nearest of all numbers of the format, for any float32', () => {
    fc.assert(
      fc.property(fc.float({ min: 0, max: 65000, noNaN: true }), (value) => {
        const [near] = roundTo('float16', [value]);
        const best = FLOAT16.reduce((a, b) => Math.abs(b - value) < Math.abs(a - value) ? b : a);
        expect(Math.abs(near! - value)).toBe(Math.abs(best - value));
      }),
      { numRuns: 50 },
    );
    expect(roundTo('float32', [0.1])[0]).toBe(Math.fround(0.1));
    expect(roundTo('float16', [NaN])[0]).toBeNaN();
  });

  it('knows the distance of neighbours', () => {
    expect(spacingAt(14, 'bfloat16')).toBe(2 ** -4);
    expect(spacingAt(-14, 'float16')).toBe(2 ** -7);
    expect(spacingAt(14, 'float32')).toBe(2 ** -20);
    expect(spacingAt(16, 'float32')).toBe(2 ** -19);
    expect(() => spacingAt(1, 'fp8' as 'float16')).toThrow(
      'format must be one of float32, bfloat16, float16, got "fp8"',
    );
  });

  it('with a scale for each vector has 2^bits − 1 values, the largest among them', async () => {
    await ready();
    const x = tf.tensor2d([[1, -7, 3.4, 0.2], [0, 0, 0, 0], [0.7, 0.24, 0.1, 0]]);
    const rows = quantized(x, 4).arraySync(); // 15 values: −7 to 7 scales
    [[1, -7, 3, 0], [0, 0, 0, 0], [0.7, 0.2, 0.1, 0]].forEach((wanted, i) =>
      wanted.forEach((value, j) => expect(rows[i]![j]).toBeCloseTo(value, 6))
    );
  });
});
