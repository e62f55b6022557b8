/**
 * Dropout: in training, each number is set to 0 with some probability, and the others are scaled up
 * (16.6.7).
 */
import type { Random } from '../base/random';
import { tf } from './tf';

/**
 * `x` with each number set to 0 with probability `rate` in [0, 1), the others divided by 1 − rate
 * so that the expected value stays the same (Srivastava et al. 2014). The generator is an argument:
 * equal generators give equal masks. Without one, as in inference, nothing is dropped.
 */
export function dropout(x: tf.Tensor, rate: number, random: Random | undefined): tf.Tensor {
  if (rate === 0 || !random) return x;
  const kept = 1 / (1 - rate);
  const keep = new Float32Array(x.size).map(() => (random.uniform() < rate ? 0 : kept));
  return tf.mul(x, tf.tensor(keep, x.shape));
}
