import { beforeAll, describe, expect, it } from 'vitest';
import { ready } from '../../lib/tensor/backend';
import { dropout } from '../../lib/tensor/dropout';
import { Random } from '../../lib/base/random';
import { tf } from '../../lib/tensor/tf';

beforeAll(() => ready());

const SIZE = 20_000;
const dropped = (rate: number, seed = 1): Float32Array =>
  tf.tidy(() =>
    dropout(tf.fill([SIZE / 100, 100], 3), rate, new Random(seed)).dataSync() as Float32Array
  );

describe('dropout', () => {
  it.each([0.1, 0.5, 0.9])(
    'drops a share of %f and scales up the rest, so that the mean stays',
    (rate) => {
      const values = dropped(rate);
      const count = values.filter((value) => value === 0).length;
      // four standard errors
      expect(Math.abs(count - rate * SIZE)).toBeLessThan(4 * Math.sqrt(rate * (1 - rate) * SIZE));
      const kept = Math.fround(3 * Math.fround(1 / (1 - rate)));
      expect(values.every((value) => value === 0 || value === kept)).toBe(true);
    },
  );

  it('is repeated by its generator, and differs at the next call', () => {
    expect(dropped(0.5)).toEqual(dropped(0.5));
    expect(dropped(0.5)).not.toEqual(dropped(0.5, 2));
    const random = new Random(1);
    const [first, second] = [0, 1].map(() =>
      tf.tidy(() => dropout(tf.ones([100]), 0.5, random).dataSync())
    );
    expect(first).not.toEqual(second);
  });

  it('passes the gradient where it passed the number', () => {
    const [value, gradient] = tf.tidy(() => {
      const drop = (x: tf.Tensor): tf.Tensor => dropout(x, 0.5, new Random(1));
      return [drop(tf.ones([100])), tf.grad(drop)(tf.ones([100]))].map((
        tensor,
      ) => [...tensor.dataSync()]);
    });
    expect(new Set(value)).toEqual(new Set([0, 2]));
    expect(gradient).toEqual(value); // of x times mask both are the mask
  });

  it('at rate 0 returns its input and takes no random number', () => {
    const [x, random] = [tf.ones([3]), new Random(1)];
    expect(dropout(x, 0, random)).toBe(x);
    expect(random.bits()).toBe(new Random(1).bits());
    x.dispose();
  });
});
