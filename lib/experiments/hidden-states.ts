/** What a model holds inside: the vector at every position, before it becomes logits (16.0). */
import { checkNames } from '../base/checks';
import type { ForwardOptions, GPT } from '../model/gpt';
import { checkInputIds } from '../model/inputs';
import { tf } from '../tensor/tf';

/**
 * The hidden states of one pass over one text (16.0): `ids` [seq] → [seq][width], the output of the
 * last block at each position, before the last layer norm and the head. Dropout is off. `causal`
 * false takes the mask away.
 * @throws RangeError on ids that the model cannot read
 */
export async function hiddenStates(
  model: GPT,
  ids: readonly number[],
  options: Pick<ForwardOptions, 'causal'> = {},
): Promise<number[][]> {
  checkNames('option', options, ['causal']);
  const { causal = true } = options;
  checkInputIds([ids], model.config);
  const states = tf.tidy(() =>
    model.walk(model.embed({ rows: [ids], positions: [[...ids.keys()]] }), { causal })
  );
  const [values] = await states.array(); // [1][seq][width]
  states.dispose();
  return values!;
}
