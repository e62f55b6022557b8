/** The vectors of a model at every position, before they become logits (16.0). */
import { checkNames } from '../base/checks';
import type { ForwardOptions, GPT } from '../model/gpt';
import { checkInputIds } from '../model/inputs';
import { tf } from '../tensor/tf';

/**
 * The hidden states of one pass over one text (16.0): `ids` [seq] → [seq][width], the output of the
 * last block at each position, before the last layer norm and the head. Dropout is off. `causal`
 * false removes the mask.
 * @throws RangeError on ids outside the vocabulary, or more of them than the context holds
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
