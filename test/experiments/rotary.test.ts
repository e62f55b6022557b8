import { beforeAll, describe, expect, it } from 'vitest';
import { rotate } from '../../lib/experiments/rotary';
import { ready, tf } from '../../lib/index';

beforeAll(ready);

/** One head with these vectors, at these positions. */
const rotatedRows = (rows: number[][], positions: number[], base?: number): number[][] =>
  tf.tidy(() => rotate(tf.tensor4d([[rows]]), [positions], base).arraySync()[0]![0]!);

const product = (a: number[], b: number[]): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);

describe('rotary positions', () => {
  it('turn the pairs by angles that a hand computes: base 100, four values, position 3', () => {
    const [turned] = rotatedRows([[1, 1, 0, 0]], [3], 100); // pairs (0, 2) by 3, (1, 3) by 0.3
    const wanted = [Math.cos(3), Math.cos(0.3), Math.sin(3), Math.sin(0.3)];
    wanted.forEach((value, i) => expect(turned![i]).toBeCloseTo(value, 6));
  });

  it('keep a vector at position 0, and its length everywhere', () => {
    const [vector, ...turned] = rotatedRows(Array(3).fill([0.5, -2, 1, 3]) as number[][], [
      0,
      1,
      40,
    ]);
    expect(vector).toEqual([0.5, -2, 1, 3]);
    for (const each of turned) expect(product(each, each)).toBeCloseTo(14.25, 4);
  });

  it('give a product that depends on the distance alone', () => {
    const [query, key] = [[0.3, -1, 0.7, 2], [1, 0.5, -0.2, 0.4]];
    const at = (i: number, j: number): number => {
      const [q, k] = rotatedRows([query, key], [i, j]);
      return product(q!, k!);
    };
    expect(at(9, 4)).toBeCloseTo(at(5, 0), 5);
    expect(Math.abs(at(9, 4) - at(9, 5))).toBeGreaterThan(0.1);
  });

  it('of rows of a batch are those of each row', () => {
    const x = tf.tensor4d([[[[1, 0]]], [[[1, 0]]]]); // two rows of one token
    const [first, second] = tf.tidy(() => rotate(x, [[1], [2]]).arraySync()).flat(2);
    expect(first![1]).toBeCloseTo(Math.sin(1), 6);
    expect(second![1]).toBeCloseTo(Math.sin(2), 6);
    expect(() => rotate(tf.zeros([1, 1, 1, 3]), [[0]])).toThrow('even, for pairs of values, got 3');
  });
});
