/** What is wrong with a state; and the ranges that depend on the rest of it. */
import { unknownAmong } from '../base/checks';
import { EXAMPLES } from './examples';
import type { Problem } from './problem';
import { type NumberRange, type State, STATE_CHOICES, STATE_RANGES } from './state';

/** The range of a number in a state: of an example with one layer, 0 is the only layer. */
export function rangeOf(key: keyof typeof STATE_RANGES, state: State): NumberRange {
  const { layers, heads, context } = EXAMPLES[state.example];
  const most = { layer: layers - 1, head: heads - 1, position: context - 1,
    step: state.maxNewTokens, topK: EXAMPLES[state.example].vocabulary.length };
  const { [key as keyof typeof most]: to = STATE_RANGES[key].to } = most as Partial<typeof most>;
  return { ...STATE_RANGES[key], to };
}

/**
 * Everything that is wrong with a state; empty if nothing is. The texts are checked against the
 * vocabulary and the context of the example.
 */
export function checkState(state: State): Problem[] {
  const choices = Object.entries(STATE_CHOICES).flatMap(([name, allowed]): Problem[] => {
    const key = name as keyof typeof STATE_CHOICES;
    if ((allowed as readonly string[]).includes(state[key])) return [];
    return [{ key, kind: 'choice', given: state[key], allowed }];
  });
  if (choices.length > 0) return choices; // the ranges depend on the example
  const numbers = (Object.keys(STATE_RANGES) as (keyof typeof STATE_RANGES)[]).flatMap(
    (key): Problem[] => {
      const range = rangeOf(key, state);
      const { from, to, step } = range;
      const isNumber = step === 1 ? Number.isInteger : Number.isFinite;
      const value = state[key];
      if (isNumber(value) && value >= from && value <= to) return [];
      return [{ key, kind: 'range', given: String(value), range }];
    },
  );
  return [...numbers, ...checkTexts(state)];
}

function checkTexts(state: State): Problem[] {
  const { context } = EXAMPLES[state.example];
  const room = context - state.maxNewTokens;
  return [
    ...checkText(state, 'sentence', { least: 2, most: context + 1 }),
    ...checkText(state, 'prompt', { least: 1, most: room }),
    ...checkText(state, 'secondPrompt', { least: 0, most: room }),
  ];
}

function checkText(
  state: State,
  key: 'sentence' | 'prompt' | 'secondPrompt',
  { least, most }: { least: number; most: number },
): Problem[] {
  const { wordsOf, vocabulary } = EXAMPLES[state.example];
  const words = wordsOf(state[key]);
  const unknown = unknownAmong(words, vocabulary);
  if (unknown.words.length > 0) return [{ key, kind: 'unknown word', ...unknown }];
  const tokens = words.length;
  if (tokens >= least && tokens <= most) return [];
  const kind = tokens === 0 ? 'empty' : tokens < least ? 'too short' : 'too long';
  return [{ key, kind, tokens, least, most }];
}
