/** Each fast operation equals its plain form, in value and gradient, over random shapes. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ready } from '../../lib/tensor/backend';
import { currentMachine } from '../../lib/tensor/fast/current-machine';
import * as fast from '../../lib/tensor/ops';
import * as plain from '../../lib/tensor/plain';
import * as plainAttention from '../../lib/tensor/causal-attention';
import { Random } from '../../lib/base/random';
import { tf } from '../../lib/tensor/tf';

beforeAll(async () => {
  await ready();
  expect(currentMachine(), 'the fast kernels must run here, or nothing below compares anything')
    .toBeDefined();
});

/** Sizes around the tiles of 5 rows, 8 columns and 20 rows, and 1. */
const size = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 70 }));
const small = fc.integer({ min: 1, max: 4 });
const seed = fc.integer({ min: 1, max: 1e6 });

const normal = (random: Random, shape: number[]): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
    shape,
  );

/**
 * Compares values and gradients of both forms on the same inputs, with random numbers as the
 * gradient that arrives.
 */
function expectEqual(
  shapes: number[][],
  randomSeed: number,
  ops: readonly ((...inputs: tf.Tensor[]) => tf.Tensor)[],
  tolerance: number,
): void {
  const [a, b] = tf.tidy(() => {
    const random = new Random(randomSeed);
    const inputs = shapes.map((shape) => normal(random, shape));
    let dy: tf.Tensor | undefined;
    return ops.map((op) => {
      const value = op(...inputs);
      dy ??= normal(random, value.shape);
      const gradients = tf.grads(op)(inputs, dy);
      return [value, ...gradients].map((tensor) => ({ shape: tensor.shape,
        numbers: tensor.dataSync() as Float32Array })
      );
    });
  });
  a!.forEach((one, i) => {
    expect(one.shape).toEqual(b![i]!.shape);
    expect(
      largestGap(one.numbers, b![i]!.numbers),
      i === 0 ? 'value' : `gradient of input ${i - 1}`,
    ).toBeLessThan(tolerance);
  });
}

/** The largest difference relative to the size of the numbers. NaN if either list holds one. */
function largestGap(a: Float32Array, b: Float32Array): number {
  const scale = Math.sqrt(b.reduce((sum, x) => sum + x * x, 0) / b.length) + 1e-3;
  return a.reduce(
    (most, x, i) => Math.max(most, Math.abs(x - b[i]!) / (scale + Math.abs(b[i]!))),
    0,
  );
}

// Float32 has 7 digits; sums of some hundred products in a different order differ in the sixth.
const TOLERANCE = 2e-5;

describe('fast and plain are equal in value and gradient', () => {
  it('linear', () =>
    fc.assert(
      fc.property(small, size, size, size, seed, (batch, seq, from, to, s) =>
        expectEqual(
          [[batch, seq, from], [from, to], [to]],
          s,
          [fast.linear, plain.linear] as never,
          TOLERANCE,
        )),
      { numRuns: 30 },
    ));

  it('linear deeper and wider than what is packed at a time', () => {
    expectEqual([[2, 3, 1030], [1030, 9], [9]], 1, [fast.linear, plain.linear] as never, TOLERANCE);
    expectEqual(
      [[2, 3, 11], [11, 2053], [2053]],
      1,
      [fast.linear, plain.linear] as never,
      TOLERANCE,
    );
  });

  it('layerNorm', () =>
    fc.assert(
      fc.property(
        size,
        // two numbers become ±1 whatever they were: their gradient is what rounding leaves
        size.filter((n) => n > 2),
        seed,
        (rows, width, s) =>
          expectEqual([[rows, width], [width], [width]], s, [
            (x, w, b) => fast.layerNorm(x, w, b, 1e-5),
            (x, w, b) => plain.layerNorm(x, w, b, 1e-5),
            // two nearly equal numbers in a row: the division by their small spread loses digits
          ], 5e-4),
      ),
      { numRuns: 40 },
    ));

  it('gelu, also of large numbers', () =>
    fc.assert(
      fc.property(size, size, seed, (rows, width, s) => {
        const wide = (op: (x: tf.Tensor) => tf.Tensor) => (x: tf.Tensor) => op(tf.mul(x, 10));
        expectEqual([[rows, width]], s, [wide(fast.gelu), wide(plain.gelu)] as never, TOLERANCE);
      }),
      { numRuns: 40 },
    ));

  it('embedding', () =>
    fc.assert(
      fc.property(small, size, size, size, seed, (batch, seq, vocab, width, s) => {
        const random = new Random(s);
        const ids = tf.tensor2d(
          Int32Array.from({ length: batch * seq }, () => random.integer(vocab)),
          [batch, seq],
          'int32',
        );
        expectEqual([[vocab, width]], s, [
          (t) => fast.embedding(t, ids),
          (t) => plain.embedding(t, ids),
        ], TOLERANCE);
        ids.dispose();
      }),
      { numRuns: 30 },
    ));

  it('head', () =>
    fc.assert(
      fc.property(small, size, size, size, seed, (batch, seq, width, vocab, s) =>
        expectEqual(
          [[batch, seq, width], [vocab, width]],
          s,
          [fast.head, plain.head] as never,
          TOLERANCE,
        )),
      { numRuns: 30 },
    ));

  it('crossEntropy', () =>
    fc.assert(
      fc.property(size, size, seed, (n, vocab, s) => {
        const random = new Random(s);
        const targets = tf.tensor1d(
          Int32Array.from({ length: n }, () => random.integer(vocab)),
          'int32',
        );
        expectEqual([[n, vocab]], s, [
          (x) => fast.crossEntropy(x as tf.Tensor2D, targets),
          (x) => plain.crossEntropy(x as tf.Tensor2D, targets),
        ], TOLERANCE);
        targets.dispose();
      }),
      { numRuns: 40 },
    ));

  it('causalSelfAttention, with and without padding mask, causality and dropout', () =>
    fc.assert(
      fc.property(
        small,
        fc.oneof(size, fc.constant(85)),
        small,
        fc.integer({ min: 1, max: 13 }),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        seed,
        (batch, seq, nHead, width, padded, causal, dropping, s) => {
          const random = new Random(s);
          // also a whole row of padding
          const pads = Array.from({ length: batch }, () => random.integer(seq + 1));
          const keyMask = padded
            ? tf.tensor2d(pads.map((n) => Array.from({ length: seq }, (_, t) => Number(t >= n))))
            : undefined;
          const factors = tf.tidy(() =>
            tf.mul(
              tf.cast(tf.greater(normal(random, [batch, nHead, seq, seq]), -0.5), 'float32'),
              1.25,
            )
          );
          const options = { keyMask, causal, dropout: dropping
            ? (w: tf.Tensor) => tf.mul(w, factors)
            : undefined };
          expectEqual([[batch, seq, 3 * nHead * width]], s, [
            (x) => fast.causalSelfAttention(x, nHead, options),
            (x) => plainAttention.causalSelfAttention(x, nHead, options),
          ], 1e-4); // the exponential of scores of 30 magnifies their rounding errors
          tf.dispose([factors, ...(keyMask ? [keyMask] : [])]);
        },
      ),
      { numRuns: 60 },
    ));

  it('causalSelfAttention of a row of padding, however large its scores are', () =>
    fc.assert(
      fc.property(size, fc.boolean(), seed, (seq, causal, s) => {
        const options = { keyMask: tf.zeros<tf.Rank.R2>([1, seq]), causal };
        expectEqual([[1, seq, 12]], s, [
          (x) => fast.causalSelfAttention(tf.mul(x, 100), 2, options),
          (x) => plainAttention.causalSelfAttention(tf.mul(x, 100), 2, options),
        ], 1e-4);
        options.keyMask.dispose();
      }),
      { numRuns: 30 },
    ));

  it('adamWUpdate, three steps', () =>
    fc.assert(
      fc.property(size, size, seed, (rows, columns, s) => {
        const run = (update: typeof plain.adamWUpdate): Float32Array[] =>
          tf.tidy(() => {
            const random = new Random(s);
            const [weight, mean, square] = [
              normal(random, [rows, columns]),
              tf.zeros([rows, columns]),
              tf.zeros([rows, columns]),
            ].map((t) => tf.variable(t));
            for (let t = 1; t <= 3; t++) {
              update(weight!, normal(random, [rows, columns]), mean!, square!, {
                beta1: 0.9,
                beta2: 0.999,
                epsilon: 1e-8,
                decay: 0.999,
                scale: t === 2 ? 0.3 : 1,
                stepSize: 0.01 / (1 - 0.9 ** t),
                rootScale: 1 / Math.sqrt(1 - 0.999 ** t),
              });
            }
            const numbers = [weight, mean, square].map((v) => v!.dataSync() as Float32Array);
            tf.dispose([weight!, mean!, square!]);
            return numbers;
          });
        const [a, b] = [run(fast.adamWUpdate), run(plain.adamWUpdate)];
        a.forEach((numbers, i) => expect(largestGap(numbers, b[i]!)).toBeLessThan(TOLERANCE));
      }),
      { numRuns: 30 },
    ));
});

describe('a fast operation', () => {
  it('has the gradient that finite differences find', () => {
    const random = new Random(3);
    const x = normal(random, [2, 7, 12]) as tf.Tensor3D;
    const f = (input: tf.Tensor): tf.Scalar =>
      tf.tidy(() =>
        tf.sum<tf.Scalar>(tf.square(fast.gelu(fast.causalSelfAttention(input as tf.Tensor3D, 2))))
      );
    const gradient = tf.grad(f)(x).dataSync();
    const values = x.dataSync();
    for (const i of [0, 5, 23, 24, 50, 81, 100, 119, 167]) {
      const at = (delta: number): number => {
        const moved = Float32Array.from(values);
        moved[i]! += delta;
        return f(tf.tensor(moved, x.shape)).dataSync()[0]!;
      };
      // Central differences of float32 values near 10: the best step leaves about three digits.
      expect((at(1e-2) - at(-1e-2)) / 2e-2).toBeCloseTo(gradient[i]!, 2);
    }
  });

  it('refuses empty inputs, wrong types and wrong shapes with a clear message', () => {
    const weight = tf.zeros<tf.Rank.R2>([4, 6]);
    const bias = tf.zeros<tf.Rank.R1>([6]);
    expect(() => fast.linear(tf.zeros([0, 4]), weight, bias)).toThrow(
      /x must not be empty, got the shape \[0, 4\]/,
    );
    expect(() => fast.linear(tf.zeros([2, 5]), weight, bias)).toThrow(
      /x must have the shape \[2, 4\], got \[2, 5\]/,
    );
    expect(() => fast.gelu(tf.zeros([2], 'int32'))).toThrow(/must be float32, got int32/);
    expect(() => fast.embedding(weight, tf.tensor2d([[0, 4]], undefined, 'int32'))).toThrow(
      /ids must be from 0 to 3, got 4/,
    );
    expect(() => fast.causalSelfAttention(tf.zeros([1, 2, 12]), 5)).toThrow(/12 for 5 heads/);
  });

  it('leaves tensors unchanged that share the numbers of a variable', () => {
    const weight = tf.variable(tf.tensor1d([1, 2, 3]));
    const before = weight.clone();
    const zeros = (): tf.Variable => tf.variable(tf.zeros([3]));
    fast.adamWUpdate(weight, tf.tensor1d([1, 1, 1]), zeros(), zeros(), {
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      decay: 1,
      scale: 1,
      stepSize: 1,
      rootScale: 1,
    });
    expect([...before.dataSync()]).toEqual([1, 2, 3]);
    expect([...weight.dataSync()]).not.toEqual([1, 2, 3]);
  });
});
