/** How the prompt of inference follows the sentence of training. */
import { EXAMPLES } from './examples';
import type { State } from './state';

/**
 * What changes with a new sentence where the prompt was the beginning of the old one: the prompt is
 * then the beginning of the new one, of as many tokens, and inference begins again. Nothing where
 * the prompt was a text of its own, the new tokens leave it no room, or the sentence is too short
 * or has words that the model does not know.
 */
export function promptFor(sentence: string, state: State): Partial<State> {
  const { encode, decode, context } = EXAMPLES[state.example];
  try {
    const [prompt, old, now] = [state.prompt, state.sentence, sentence].map(encode);
    if (!prompt!.every((id, i) => id === old![i])) return {};
    const length = Math.min(prompt!.length, now!.length - 1, context - state.maxNewTokens);
    if (length < 1) return {};
    const text = decode(now!.slice(0, length));
    return text === state.prompt ? {} : { prompt: text, step: 0 };
  } catch {
    return {}; // unknown words: the field says so
  }
}
