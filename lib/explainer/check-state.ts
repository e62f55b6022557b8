/** What is wrong with a state, in sentences; and the ranges that depend on the rest of it. */
import { checkInteger, checkNumber } from '../base/checks';
import { EXAMPLES } from './examples';
import { type NumberRange, type State, STATE_CHOICES, STATE_RANGES } from './state';

/** One thing that is wrong. */
export interface Problem {
  readonly key: keyof State;
  /** For texts in other languages: what kind of thing it is. */
  readonly kind: 'choice' | 'range' | 'unknown word' | 'empty' | 'too short' | 'too long';
  /** The numbers of a length: of the tokens that were given, and that are allowed. */
  readonly values?: { readonly tokens: number; readonly least: number; readonly most: number };
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
  let ids: number[] = [];
  const unknown = problem(key, 'unknown word', () => {
    ids = EXAMPLES[state.example].encode(state[key]);
  });
  if (unknown.length > 0) return unknown;
  const tokens = ids.length;
  if (tokens >= least && tokens <= most) return [];
  const kind = tokens === 0 ? 'empty' : tokens < least ? 'too short' : 'too long';
  const values = { tokens, least, most };
  return [{ key, kind, values, sentence: sentenceOf(key, kind, values) }];
}

const NAMES = { sentence: 'the sentence', prompt: 'the prompt', secondPrompt: 'the second prompt' };

function sentenceOf(
  key: keyof typeof NAMES,
  kind: 'empty' | 'too short' | 'too long',
  { tokens, least, most }: NonNullable<Problem['values']>,
): string {
  const name = NAMES[key];
  if (kind === 'empty') return `${name} is empty: write at least one word`;
  if (kind === 'too short') return `${name} needs at least ${least} tokens, got ${tokens}`;
  const reason = key === 'sentence' ? '' : ' beside the new ones';
  return `${name} may have at most ${most} tokens${reason}, got ${tokens}`;
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
