/**
 * The distribution of the next token after a text: one forward pass, its last position, softmax.
 */
import { checkTokens } from '../base/row-checks';
import type { GPT } from '../model/gpt';
import { nextLogits } from './next-logits';
import type { ProcessorOptions } from './options';
import { nextTokenProbabilities, type TokenIds } from './processors';

/**
 * The probability that each token of the vocabulary follows `ids` → [vocab] (16.3.2). If `ids` are
 * longer than the context, only the most recent ones are read. Dropout is on in training mode, so
 * call `eval()` first.
 * @throws RangeError on an empty list, ids outside the vocabulary, or an option out of its range
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
