/** What is wrong with a state, in sentences; and the ranges that depend on the rest of it. */
import { checkInteger, checkNumber } from '../base/checks';
import { EXAMPLES } from './examples';
import { type NumberRange, type State, STATE_CHOICES, STATE_RANGES } from './state';

/** One thing that is wrong. */
export interface Problem {
  readonly key: keyof State;
  /** For texts in other languages: what kind of thing it is. */
  readonly kind: 'choice' | 'range' | 'unknown word' | 'length';
  /** What is wrong, in English: what is required and what was given. */
  readonly sentence: string;
}

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
    const sentence = `${key} must be one of ${allowed.join(', ')}, got "${state[key]}"`;
    return [{ key, kind: 'choice', sentence }];
  });
  if (choices.length > 0) return choices; // the ranges depend on the example
  const numbers = (Object.keys(STATE_RANGES) as (keyof typeof STATE_RANGES)[]).flatMap((key) => {
    const { from, to, step } = rangeOf(key, state);
    const checkRange = step === 1 ? checkInteger : checkNumber;
    return problem(key, 'range', () => checkRange(key, state[key], { from, to }));
  });
  return [...numbers, ...checkTexts(state)];
}

function checkTexts(state: State): Problem[] {
  const { sentence, prompt, secondPrompt, maxNewTokens, example } = state;
  const { context } = EXAMPLES[example];
  const room = context - maxNewTokens;
  const ofPrompt = `and maxNewTokens, ${maxNewTokens}, must fit into a context of ${context}`;
  return [
    ...checkText(state, 'sentence', sentence, { from: 2, to: context + 1 }),
    ...checkText(state, 'prompt', prompt, { from: 1, to: room }, ofPrompt),
    ...checkText(state, 'secondPrompt', secondPrompt, { from: 0, to: room }, ofPrompt),
  ];
}

function checkText(
  state: State,
  key: 'sentence' | 'prompt' | 'secondPrompt',
  text: string,
  range: { from: number; to: number },
  reason = '',
): Problem[] {
  let ids: number[] = [];
  const unknown = problem(key, 'unknown word', () => {
    ids = EXAMPLES[state.example].encode(text);
  });
  if (unknown.length > 0) return unknown;
  const name = ['the tokens of', key, reason].join(' ').trim();
  return problem(key, 'length', () => checkInteger(name, ids.length, range));
}

/** The message of the error that `check` throws, as a problem. */
function problem(key: keyof State, kind: Problem['kind'], check: () => void): Problem[] {
  try {
    check();
    return [];
  } catch (error) {
    return [{ key, kind, sentence: (error as Error).message }];
  }
}
