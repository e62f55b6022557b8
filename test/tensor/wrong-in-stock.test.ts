/**
 * Two products that TensorFlow.js 4.22's WebAssembly backend computes wrongly, shown on numbers
 * small enough to check by hand, and the same products by the library. A test that fails at "stock
 * computes" means that the backend was mended: then the detour around it can go.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { Random, ready, tf } from '../../lib/index';
import { attentionBias, attentionWeights } from '../../lib/tensor/causal-attention';
import { currentMachine } from '../../lib/tensor/fast/current-machine';
import * as fast from '../../lib/tensor/ops';
import * as plain from '../../lib/tensor/plain';

beforeAll(async () => {
  expect(await ready()).toBe('wasm');
  expect(currentMachine(), 'the fast kernels, or the fast form below is the plain one')
    .toBeDefined();
});
const random = new Random(1);
const numbers = (count: number): Float32Array =>
  Float32Array.from({ length: count }, () => random.normal());

/** `a` [n, k] times `b` [k, m] plus `c` [m], in float64, by the definition. */
function byDefinition(
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
  [n, k, m]: [number, number, number],
): number[] {
  return Array.from({ length: n * m }, (_, at) => {
    let sum = c[at % m]!;
    for (let i = 0; i < k; i++) sum += a[Math.floor(at / m) * k + i]! * b[i * m + (at % m)]!;
    return sum;
  });
}

/** The largest difference; NaN if a number is missing or NaN. */
const farthest = (got: ArrayLike<number>, wanted: readonly number[]): number =>
  Math.max(...wanted.map((value, i) => Math.abs(value - got[i]!)));

/** Values of a tensor that is made in here, and nothing left behind. */
const valuesOf = (make: () => tf.Tensor): number[] =>
  Array.from(tf.tidy(() => make().dataSync() as Float32Array));

describe('tf.fused.matMul of transposed or batched inputs with a bias or an activation', () => {
  /** `rows` rows of k ones times a [3, k] matrix of ones, transposed, plus 10, 20 and 30. */
  const stock = (rows: number, k: number, options = {}): number[] =>
    valuesOf(() =>
      tf.fused.matMul({ a: tf.ones([rows, k]), b: tf.ones([3, k]), transposeB: true,
        bias: tf.tensor1d([10, 20, 30]), ...options })
    );

  it('stock computes: an inner size above 48 adds the bias once for each 48', () => {
    expect(stock(1, 48)).toEqual([48 + 10, 48 + 20, 48 + 30]); // right
    expect(stock(1, 49)).toEqual([49 + 2 * 10, 49 + 2 * 20, 49 + 2 * 30]);
    expect(stock(1, 100)).toEqual([100 + 3 * 10, 100 + 3 * 20, 100 + 3 * 30]);
  });

  it('stock computes: every row but the first gets the last bias, at any inner size', () => {
    expect(stock(2, 4)).toEqual([4 + 10, 4 + 20, 4 + 30, 4 + 30, 4 + 30, 4 + 30]);
  });

  it('stock computes: an activation is applied after each 48, not to the sum', () => {
    // -1 at 48 places and 1 at two: the sum is -46, its relu 0
    const b = Float32Array.from({ length: 50 }, (_, i) => (i < 48 ? -1 : 1));
    const relu = (k: number): number[] =>
      valuesOf(() =>
        tf.fused.matMul({ a: tf.ones([1, k]), b: tf.tensor2d(b.subarray(0, k), [1, k]),
          transposeB: true, activation: 'relu' })
      );
    expect(relu(48)).toEqual([0]); // right
    expect(relu(50)).toEqual([2]);
  });

  it('stock computes: in a batch the same, without any transpose', () => {
    const batch = valuesOf(() =>
      tf.fused.matMul({ a: tf.ones([2, 1, 49]), b: tf.ones([2, 49, 3]),
        bias: tf.tensor1d([10, 20, 30]) })
    );
    expect(batch.slice(0, 3)).toEqual([49 + 2 * 10, 49 + 2 * 20, 49 + 2 * 30]);
  });

  it('stock is right for two plain matrices', () => {
    const product = (k: number): number[] =>
      valuesOf(() =>
        tf.fused.matMul({ a: tf.ones([2, k]), b: tf.ones([k, 3]), bias: tf.tensor1d([10, 20, 30]),
          activation: 'relu' })
      );
    for (const k of [48, 49, 100])
      expect(product(k)).toEqual([k + 10, k + 20, k + 30, k + 10, k + 20, k + 30]);
  });

  describe.each([['fast', fast], ['plain', plain]] as const)('the library, %s form', (_, ops) => {
    it.each([4, 48, 49, 64, 97, 200])('is right for a product of inner size %i', (k) => {
      const [n, m] = [7, 5];
      const [a, b, c] = [numbers(n * k), numbers(k * m), numbers(m)];
      const tolerance = 1e-5 * k; // float32 sums of k products of about 1
      const withBias = valuesOf(() =>
        ops.linear(tf.tensor(a, [n, k]), tf.tensor2d(b, [k, m]), tf.tensor1d(c))
      );
      expect(farthest(withBias, byDefinition(a, b, c, [n, k, m]))).toBeLessThan(tolerance);
      // and for the transposed product of the tied head
      const transposed = valuesOf(() =>
        ops.head(tf.tensor3d(a, [1, n, k]), tf.transpose(tf.tensor2d(b, [k, m])))
      );
      expect(farthest(transposed, byDefinition(a, b, new Float32Array(m), [n, k, m])))
        .toBeLessThan(tolerance);
    });
  });
});

/** The plain JavaScript backend pairs the same wrong matrices. */
describe('tf.matMul of batches that differ in shape', () => {
  /** Products of matrices [1, 1], so that each is one number: `a` and `b` give the batch shapes. */
  const products = (a: tf.Tensor, b: tf.Tensor): number[] =>
    valuesOf(() => tf.matMul(a.reshape([...a.shape, 1, 1]), b.reshape([...b.shape, 1, 1])));

  it('stock computes: [2, 1] and [1, 3] give three products where there are six', () => {
    const [a, b] = [tf.tensor2d([[2], [3]]), tf.tensor2d([[5, 7, 11]])];
    expect(products(a, b)).toEqual([10, 21, 22]); // 10, 14, 22, 15, 21, 33 would be right
    expect(products(b, a)).toEqual([10, 21, 22]);
    tf.dispose([a, b]);
  });

  it('stock computes: [2, 3] and [2, 1] pair the wrong matrices', () => {
    const [a, b] = [tf.tensor2d([[1, 1, 1], [1, 1, 1]]), tf.tensor2d([[2], [3]])];
    expect(products(a, b)).toEqual([2, 3, 2, 3, 2, 3]); // 2, 2, 2, 3, 3, 3 would be right
    tf.dispose([a, b]);
  });

  it('stock is right for equal shapes, and where only the leading dimension is broadcast', () => {
    const [a, b, c] = [
      tf.tensor2d([[1, 2, 3], [4, 5, 6]]),
      tf.tensor2d([[7, 8, 9], [10, 11, 12]]),
      tf.tensor2d([[7, 8, 9]]),
    ];
    expect(products(a, b)).toEqual([7, 16, 27, 40, 55, 72]);
    expect(products(a, c)).toEqual([7, 16, 27, 28, 40, 54]);
    tf.dispose([a, b, c]);
  });

  it('the library multiplies batches of equal shape: the attention weights are right', () => {
    const [batch, heads, seq, size] = [2, 3, 4, 60] as const;
    const shape: [number, number, number, number] = [batch, heads, seq, size];
    const [q, k] = [numbers(batch * heads * seq * size), numbers(batch * heads * seq * size)];
    const got = valuesOf(() =>
      attentionWeights(
        tf.tensor4d(q, shape),
        tf.tensor4d(k, shape),
        attentionBias(seq, { causal: false }),
        0.1,
      )
    );
    const wanted = Array.from({ length: batch * heads * seq }, (_, row) => {
      const head = Math.floor(row / seq);
      const powers = Array.from({ length: seq }, (_key, key) => {
        let dot = 0;
        for (let i = 0; i < size; i++)
          dot += q[row * size + i]! * k[(head * seq + key) * size + i]!;
        return Math.exp(0.1 * dot);
      });
      const sum = powers.reduce((x, y) => x + y);
      return powers.map((power) => power / sum);
    });
    expect(farthest(got, wanted.flat())).toBeLessThan(1e-5);
  });
});
