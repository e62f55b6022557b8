/**
 * The number formats of servers, emulated (16.6.2): every result is rounded to the nearest number
 * that the format has, as hardware does after it has added up a product in float32.
 */
import { check } from '../base/checks';
import { tf } from '../tensor/tf';

/** Bits of the fraction, and the exponents of the smallest normal and of the largest numbers. */
const FORMATS = {
  float32: { bits: 23, least: -126, most: 127 },
  bfloat16: { bits: 7, least: -126, most: 127 },
  float16: { bits: 10, least: -14, most: 15 },
};

/** float32 has 24 significant bits (one of them is implied), float16 11, bfloat16 8. */
export type NumberFormat = keyof typeof FORMATS;

/** Of each format, the distance of neighbours by the exponent bits of a float32, 0 to 255. */
const SPACINGS = Object.fromEntries(
  Object.entries(FORMATS).map(([name, { bits, least }]) => [
    name,
    Array.from({ length: 256 }, (_, e) => 2 ** (Math.max(e - 127, least) - bits)),
  ]),
) as Record<NumberFormat, number[]>;

/** The exponent bits of float32 numbers, which are not copied. */
const exponentsOf = (values: Float32Array): Uint32Array =>
  new Uint32Array(values.buffer).map((bits) => bits >>> 23 & 255);

/** @throws RangeError on a format of a different name */
export function checkFormat(format: NumberFormat): void {
  const names = Object.keys(FORMATS);
  check(names.includes(format), 'format', `one of ${names.join(', ')}`, format);
}

/**
 * The distance between the numbers of a format near `value`: 0.0625 at 14 in bfloat16.
 * @throws RangeError on a format of a different name
 */
export function spacingAt(value: number, format: NumberFormat): number {
  checkFormat(format);
  return SPACINGS[format][exponentsOf(Float32Array.of(value))[0]!]!;
}

/**
 * Each value, as a float32, rounded to the nearest number of the format; of two that are equally
 * near, to the one whose last bit is 0. A value beyond the largest number becomes infinite.
 * @throws RangeError on a format of a different name
 */
export function roundTo(format: NumberFormat, values: ArrayLike<number>): Float32Array {
  checkFormat(format);
  const { bits, most } = FORMATS[format];
  const largest = 2 ** most * (2 - 2 ** -bits);
  const floats = Float32Array.from(values);
  const exponents = exponentsOf(floats);
  return floats.map((value, i) => {
    // A float64 has 52 bits behind the point: the sum has none below the spacing, ties to even.
    const large = 1.5 * 2 ** 52 * SPACINGS[format][exponents[i]!]!;
    const near = value + large - large;
    return Math.abs(near) > largest ? Math.sign(near) * Infinity : near;
  });
}

/** The same of a tensor: a new one of its shape, without a gradient. */
export function rounded<T extends tf.Tensor>(x: T, format: NumberFormat): T {
  return tf.tensor(roundTo(format, x.dataSync()), x.shape) as T;
}

/**
 * Each vector along the last axis with integers of `bits` bits and one scale, as a quantized cache
 * keeps it: [..., size] → the values that are read back.
 */
export function quantized<T extends tf.Tensor>(x: T, bits: number): T {
  return tf.tidy(() => {
    const levels = 2 ** (bits - 1) - 1; // on each side of 0
    const scale = tf.div(tf.max(tf.abs(x), -1, true), levels);
    return tf.mul(tf.round(tf.divNoNan(x, scale)), scale);
  });
}
