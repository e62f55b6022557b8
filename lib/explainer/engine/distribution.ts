/** Distributions over the whole vocabulary, beside the exact ones of the language. */
import { softmax } from '../../base/numbers';
import type { ProcessorOptions } from '../../inference/options';
import { nextTokenProbabilities } from '../../inference/processors';
import type { Example } from '../examples';
import type { State } from '../state';
import type { Distribution, Token } from './views';

/** The settings of a state that shape the distribution of the next token. */
export function processorsOf(state: State): ProcessorOptions {
  const { repetitionPenalty, temperature, topK, topP, minP } = state;
  if (state.strategy !== 'sampling') return { repetitionPenalty, doSample: false };
  return { repetitionPenalty, doSample: true, temperature, topK, topP, minP };
}

/** A token of an example as the page shows it. */
export const tokenOf = (example: Example, id: number): Token => ({ id,
  text: example.vocabulary[id]! });

/** The tokens of a text. */
export const tokensOf = (example: Example, ids: readonly number[]): Token[] =>
  ids.map((id) => tokenOf(example, id));

/**
 * The distribution after `ids`, whose logits are `logits` [vocab]: of each token the logit, its
 * softmax, the probability after all processors of `generate`, and the exact one of the language.
 * Most probable first.
 */
export function distributionAfter(
  example: Example,
  ids: readonly number[],
  logits: ArrayLike<number>,
  processors: ProcessorOptions = {},
): Distribution {
  const probabilities = softmax(logits);
  const processed = nextTokenProbabilities(logits, processors, ids);
  const exact = example.exactAfter(ids);
  const bars = example.vocabulary.map((text, id) => ({ id, text, logit: logits[id]!,
    probability: probabilities[id]!, processed: processed[id]!, exact: exact?.[id] ?? null })
  );
  return bars.sort((a, b) =>
    b.processed - a.processed || b.probability - a.probability || a.id - b.id
  );
}
