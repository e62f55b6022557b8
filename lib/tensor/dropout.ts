/**
 * Dropout: in training, each number is dropped with some probability and the others make up for it
 * (16.6.7).
 */
import type { Random } from '../base/random';
import { tf } from './tf';

/**
 * `x` with each number set to 0 with probability `rate` in [0, 1), the others divided by 1 − rate
 * so that the mean stays (Srivastava et al. 2014). The random numbers are an argument: the same
 * generator gives the same mask. Without them, as in inference, nothing is dropped.
 */
export function dropout(x: tf.Tensor, rate: number, random: Random | undefined): tf.Tensor {
  if (rate === 0 || !random) return x;
  const kept = 1 / (1 - rate);
  const keep = new Float32Array(x.size).map(() => (random.uniform() < rate ? 0 : kept));
  return tf.mul(x, tf.tensor(keep, x.shape));
}
