/**
 * The distribution of the next token after a text: one forward pass, its last position, softmax.
 */
import { checkTokens } from '../base/row-checks';
import type { GPT } from '../model/gpt';
import { nextLogits } from './next-logits';
import type { ProcessorOptions } from './options';
import { nextTokenProbabilities, type TokenIds } from './processors';

/**
 * Probability of each token of the vocabulary to come after `ids` → [vocab] (16.3.2). Past the
 * context its most recent tokens count. Dropout is on in training mode, so call `eval()` first.
 * @throws RangeError without ids, on ids outside the vocabulary, or an option out of its range
 */
export async function predictNext(
  model: GPT,
  ids: TokenIds,
  options: ProcessorOptions = {},
): Promise<Float32Array> {
  checkTokens([ids], model.config.vocabSize);
  const [logits] = nextLogits(model, [ids], 0, model.training);
  return Promise.resolve(nextTokenProbabilities(logits!, options, ids));
}
