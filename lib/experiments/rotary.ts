/**
 * Rotary positions (Su et al. 2021), which most models since GPT-2 have in place of a table: no
 * vector is added to a token. Queries and keys are rotated by an angle that grows with the
 * position, so their product depends on the distance between the two (16.5.6).
 */
import { check } from '../base/checks';
import type { Rows } from '../text/tokenizer';
import { tf } from '../tensor/tf';

/**
 * Rotates queries or keys `x` [batch, head, seq, size], where `positions` holds [seq] numbers for
 * each row, or one row for all. Value i of the first half and value i of the second are a point,
 * and turn by position · base^(−2i / size) radians; this is the layout of Llama in Hugging Face
 * transformers.
 * @throws RangeError if the size of a head is odd
 */
export function rotate(x: tf.Tensor4D, positions: Rows, base = 10_000): tf.Tensor4D {
  const size = x.shape[3];
  check(size % 2 === 0, 'the size of a head', 'even, for pairs of values', size);
  return tf.tidy(() => {
    const pairs = [...Array(size / 2).keys()];
    const angles = positions.map((row) => [
      row.map((position) => pairs.map((i) => position * base ** (-2 * i / size))),
    ]);
    const turn = tf.tensor4d(angles); // [rows, 1, seq, size / 2]
    const [cosine, sine] = [tf.cos(turn), tf.sin(turn)];
    const [first, second] = tf.split(x, 2, 3) as [tf.Tensor4D, tf.Tensor4D];
    return tf.concat([
      tf.sub<tf.Tensor4D>(tf.mul(first, cosine), tf.mul(second, sine)),
      tf.add<tf.Tensor4D>(tf.mul(first, sine), tf.mul(second, cosine)),
    ], 3);
  });
}
