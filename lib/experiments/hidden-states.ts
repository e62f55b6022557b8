/** What a model holds inside: the vector at every position, before it becomes logits. */
import { tf } from '../tensor/tf';
import type { ForwardOptions, GPT } from '../model/gpt';
import { checkInputIds } from '../model/inputs';

/**
 * The hidden states of one pass over one text (16.0): `ids` [seq] → [seq][width], the output of the
 * last block at each position, before the last layer norm and the head. Dropout is off. `causal`
 * false takes the mask away.
 * @throws RangeError on ids that the model cannot read
 */
export async function hiddenStates(
  model: GPT,
  ids: readonly number[],
  { causal = true }: Pick<ForwardOptions, 'causal'> = {},
): Promise<number[][]> {
  checkInputIds([ids], model.config);
  const states = tf.tidy(() => {
    const places = tf.tensor2d([[...ids.keys()]], undefined, 'int32');
    let x: tf.Tensor = model.embed(tf.tensor2d([[...ids]], undefined, 'int32'), places);
    for (let layer = 0; layer < model.config.nLayer; layer++)
      x = model.block(layer, x, { causal, training: false });
    return tf.squeeze(x, [0]) as tf.Tensor2D; // [seq, width]
  });
  const values = await states.array();
  states.dispose();
  return values;
}
