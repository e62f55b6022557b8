/**
 * Dropout: in training, each number is dropped with some probability and the others make up for it
 * (16.6.3).
 */
import type { Random } from '../base/random';
import { tf } from './tf';

/**
 * `x` with each number set to 0 with probability `rate` in [0, 1), the others divided by 1 − rate
 * so that the mean stays (Srivastava et al. 2014). The random numbers are an argument: the same
 * generator gives the same mask.
 */
export function dropout(x: tf.Tensor, rate: number, random: Random): tf.Tensor {
  if (rate === 0) return x;
  const keep = new Float32Array(x.size);
  const kept = 1 / (1 - rate);
  for (let i = 0; i < keep.length; i++) keep[i] = random.uniform() < rate ? 0 : kept;
  return tf.mul(x, tf.tensor(keep, x.shape));
}
