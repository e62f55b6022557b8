/** How the prompt of inference follows the sentence of training. */
import { EXAMPLES } from './examples';
import type { State } from './state';

/**
 * What changes with a new sentence where the prompt was the beginning of the old one: the prompt is
 * then the beginning of the new one, of as many tokens, and inference begins again. Nothing where
 * the prompt was a text of its own, or the sentence has words that the model does not know.
 */
export function promptFor(sentence: string, state: State): Partial<State> {
  const { encode, vocabulary, context } = EXAMPLES[state.example];
  try {
    const [prompt, old, now] = [state.prompt, state.sentence, sentence].map(encode);
    if (!prompt!.every((id, i) => id === old![i])) return {};
    const room = Math.min(now!.length - 1, context - state.maxNewTokens);
    const beginning = now!.slice(0, Math.min(prompt!.length, room));
    if (beginning.length === 0) return {};
    const text = beginning.map((id) => vocabulary[id]).join(' ').replace(/ (?=[.,]( |$))/g, '');
    return text === state.prompt ? {} : { prompt: text, step: 0 };
  } catch {
    return {}; // unknown words: the field says so
  }
}
