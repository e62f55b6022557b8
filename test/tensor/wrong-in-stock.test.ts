import { beforeAll, describe, expect, it } from 'vitest';
import { Random, ready, tf } from '../../lib/index';
import { attentionBias, attentionWeights } from '../../lib/tensor/plain';
import * as ops from '../../lib/tensor/ops';

beforeAll(() => ready());
const random = new Random(1);
const numbers = (count: number): Float32Array =>
  Float32Array.from({ length: count }, () => random.normal());

/** `a` [n, k] times `b` [k, m] plus `c` [m], in float64, by the definition. */
function byDefinition(
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
  n: number,
  k: number,
  m: number,
): number[] {
  return Array.from({ length: n * m }, (_, at) => {
    let sum = c[at % m]!;
    for (let i = 0; i < k; i++) sum += a[Math.floor(at / m) * k + i]! * b[i * m + (at % m)]!;
    return sum;
  });
}

const farthest = (got: ArrayLike<number>, wanted: readonly number[]): number =>
  Math.max(...wanted.map((value, i) => Math.abs(value - got[i]!)));

describe('products that the stock WebAssembly backend gets wrong are right where the library computes them', () => {
  it.each([48, 49, 64, 97, 200])('a bias added to a product of inner size %i', (k) => {
    const [n, m] = [7, 5];
    const [a, b, c] = [numbers(n * k), numbers(k * m), numbers(m)];
    const wanted = byDefinition(a, b, c, n, k, m);
    const got = ops.linear(tf.tensor(a, [n, k]), tf.tensor2d(b, [k, m]), tf.tensor1d(c)).dataSync();
    expect(farthest(got, wanted)).toBeLessThan(1e-5 * k); // float32 sums of k products of about 1
    // and the transposed product of the tied head
    const weight = tf.tensor2d(b, [k, m]).transpose() as tf.Tensor2D;
    const logits = ops.head(tf.tensor3d(a, [1, n, k]), weight).dataSync();
    expect(farthest(logits, byDefinition(a, b, new Float32Array(m), n, k, m))).toBeLessThan(
      1e-5 * k,
    );
  });

  it('attention scores of a batch of several heads', () => {
    const shape: [number, number, number, number] = [2, 3, 4, 60];
    const [q, k] = [numbers(2 * 3 * 4 * 60), numbers(2 * 3 * 4 * 60)];
    const got = attentionWeights(
      tf.tensor4d(q, shape),
      tf.tensor4d(k, shape),
      attentionBias(4, { causal: false }),
      0.1,
    ).dataSync();
    for (let head = 0; head < 6; head++) {
      for (let row = 0; row < 4; row++) {
        const dots = [0, 1, 2, 3].map((key) =>
          Array.from(
            { length: 60 },
            (_, i) => q[(head * 4 + row) * 60 + i]! * k[(head * 4 + key) * 60 + i]!,
          ).reduce((x, y) => x + y, 0)
        );
        const powers = dots.map((dot) => Math.exp(0.1 * dot));
        const wanted = powers.map((power) => power / powers.reduce((x, y) => x + y, 0));
        expect(farthest(got.subarray((head * 4 + row) * 4, (head * 4 + row) * 4 + 4), wanted))
          .toBeLessThan(1e-5);
      }
    }
  });
});
