/**
 * e^x and the natural logarithm with the same bits in every engine. `Math.exp` and `Math.log` may
 * differ in their last bit: those of Chromium 156 do so from those of Node 20 to 26 and of Firefox
 * 153 for one value in ten. The method and the coefficients are those of fdlibm (Sun Microsystems
 * 1993), which these engines use, so the results are theirs: only + − · / and bits, which IEEE 754
 * defines.
 */

/** ln 2 in two parts, of which the first has so few bits that its small multiples are exact. */
const LN2_HIGH = 6.9314718036912382e-1;
const LN2_LOW = 1.9082149292705877e-10;

/** The two 32-bit halves of a float64. */
const number = new Float64Array(1);
const halves = new Uint32Array(number.buffer);
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

function highHalf(x: number): number {
  number[0] = x;
  return halves[HIGH]!;
}

function withHighHalf(x: number, half: number): number {
  number[0] = x;
  halves[HIGH] = half;
  return number[0];
}

/** Up to here |x| needs no multiple of ln 2, and up to there one: ln 2 / 2 and 3 ln 2 / 2. */
const [NONE, ONE] = [withHighHalf(0, 0x3fd62e43), withHighHalf(0, 0x3ff0a2b2)];

/** 2^-1021 to 2^1023. */
const POWERS = Float64Array.from({ length: 2045 }, (_, i) => 2 ** (i - 1021));

/**
 * e^x, to within a unit of the last place: x = k ln 2 + r with |r| ≤ ln 2 / 2, and a polynomial in
 * r² for e^r.
 */
export function exp(x: number): number {
  if (!(x > -745.13321910194111)) return Number.isNaN(x) ? NaN : 0;
  if (x > 709.78271289338397) return Infinity;
  const size = Math.abs(x);
  if (size < 2 ** -28) return 1 + x;
  const sign = x < 0 ? -1 : 1;
  const multiple = size < ONE ? sign : Math.trunc(1.4426950408889634 * x + 0.5 * sign);
  const k = size < NONE ? 0 : multiple;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const even = 1.6666666666666602e-1 + t * (-2.7777777777015593e-3
        + t * (6.6137563214379344e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8)));
  const c = r - t * even;
  if (k === 0) return 1 - ((r * c) / (c - 2) - r);
  const y = 1 - (low - (r * c) / (2 - c) - high);
  if (k === 1024) return y * 2 * POWERS[2044]!;
  return k >= -1021 ? y * POWERS[k + 1021]! : y * POWERS[k + 2021]! * 2 ** -1000;
}

/**
 * The natural logarithm, to within a unit of the last place: x = 2^k (1 + f) with 1 + f between √½
 * and √2, and log(1 + f) by a series in s = f / (2 + f). NaN below 0.
 */
export function log(x: number): number {
  if (x < 0 || Number.isNaN(x)) return NaN;
  if (x === 0 || x === Infinity) return x === 0 ? -Infinity : x;
  const isSubnormal = x < 2 ** -1022;
  const scaled = isSubnormal ? x * 2 ** 54 : x;
  const half = highHalf(scaled);
  const fraction = half & 0xfffff;
  const isUpper = (fraction + 0x95f64) & 0x100000; // 1 + f would be above √2
  const k = (half >>> 20) - 1023 + (isUpper >>> 20) - (isSubnormal ? 54 : 0);
  const f = withHighHalf(scaled, fraction | (isUpper ^ 0x3ff00000)) - 1;
  const [high, low] = [k * LN2_HIGH, k * LN2_LOW];
  if (((fraction + 2) & 0xfffff) < 3) { // |f| < 2^-20
    if (f === 0) return high + low;
    const r = f * f * (0.5 - 0.3333333333333333 * f);
    return k === 0 ? f - r : high - (r - low - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd = w * (3.9999999999409419e-1 + w * (2.2222198432149784e-1
        + w * 1.5313837699209373e-1));
  const even = z * (6.6666666666667351e-1 + w * (2.8571428743662391e-1
        + w * (1.8183572161618050e-1 + w * 1.4798198605116586e-1)));
  const r = even + odd;
  if (fraction >= 0x6147a && fraction <= 0x6b851) {
    const square = 0.5 * f * f;
    return k === 0
      ? f - (square - s * (square + r))
      : high - (square - (s * (square + r) + low) - f);
  }
  return k === 0 ? f - s * (f - r) : high - (s * (f - r) - low - f);
}
