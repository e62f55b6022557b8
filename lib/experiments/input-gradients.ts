/** Which words a loss depends on: its gradient with respect to each input word (16.2.3). */
import { checkNames } from '../base/checks';
import { breathe } from '../base/interrupt';
import { checkGrid } from '../base/row-checks';
import type { ForwardOptions, GPT } from '../model/gpt';
import { checkInputIds } from '../model/inputs';
import { tf } from '../tensor/tf';

/**
 * How much the loss at each position changes with each input: `inputs` [seq] and `targets` [seq] →
 * [seq][seq], where row t, column s is the length of the gradient of the loss at t with respect to
 * the embedding of token s, in nats for one unit. Exactly 0 where no path leads from token s to
 * position t. Dropout is off. Costs seq backward passes.
 * @throws RangeError if there are not as many targets as inputs, or ids are outside the vocabulary
 */
export async function inputGradients(
  model: GPT,
  inputs: readonly number[],
  targets: readonly number[],
  options: Pick<ForwardOptions, 'causal'> = {},
): Promise<number[][]> {
  checkNames('option', options, ['causal']);
  const { causal = true } = options;
  checkInputIds([inputs], model.config);
  checkGrid('targets', [targets], [1, inputs.length], model.config.vocabSize - 1);
  const lengths: number[][] = [];
  for (const [t, target] of targets.entries()) {
    await breathe();
    const row = tf.tidy(() => {
      const embedded = model.embed({ rows: [inputs], positions: [[...inputs.keys()]] });
      const lossAt = (x: tf.Tensor): tf.Scalar => {
        const logits = model.logits(model.walk(x as tf.Tensor3D, { causal })); // [1, seq, vocab]
        const chosen = tf.slice(tf.logSoftmax(logits), [0, t, target], [1, 1, 1]);
        return tf.reshape<tf.Rank.R0>(tf.neg(chosen), []);
      };
      return tf.norm(tf.grad(lossAt)(embedded), 'euclidean', -1); // [1, seq]
    });
    lengths.push([...(await row.data())]);
    row.dispose();
  }
  return lengths;
}
