/** What is wrong with a state, in sentences; and the ranges that depend on the rest of it. */
import { checkInteger, checkNumber, nearestName } from '../base/checks';
import { type Example, EXAMPLES } from './examples';
import type { Problem, UnknownWord } from './problem';
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
    const sentence = `${key} must be one of ${allowed.join(', ')}, got "${state[key]}"`;
    return [{ key, kind: 'choice', given: state[key], allowed, sentence }];
  });
  if (choices.length > 0) return choices; // the ranges depend on the example
  const numbers = (Object.keys(STATE_RANGES) as (keyof typeof STATE_RANGES)[]).flatMap(
    (key): Problem[] => {
      const range = rangeOf(key, state);
      const checkRange = range.step === 1 ? checkInteger : checkNumber;
      const { from, to } = range;
      const sentence = messageOf(() => checkRange(key, state[key], { from, to }));
      return sentence ? [{ key, kind: 'range', given: String(state[key]), range, sentence }] : [];
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
  const example = EXAMPLES[state.example];
  const unknown = messageOf(() => example.encode(state[key]));
  if (unknown)
    return [{ key, kind: 'unknown word', ...unknownWords(example, state[key]), sentence: unknown }];
  const tokens = example.encode(state[key]).length;
  if (tokens >= least && tokens <= most) return [];
  const kind = tokens === 0 ? 'empty' : tokens < least ? 'too short' : 'too long';
  const numbers = { tokens, least, most };
  return [{ key, kind, ...numbers, sentence: sentenceOf(key, kind, numbers) }];
}

/** A text in another language may have thousands. */
const MOST_NAMED = 5;

function unknownWords(
  { wordsOf, vocabulary }: Example,
  text: string,
): { words: UnknownWord[]; more: number } {
  const all = [...new Set(wordsOf(text).filter((word) => !vocabulary.includes(word)))];
  const words = all.slice(0, MOST_NAMED).map((word) => ({ word,
    nearest: nearestName(word, vocabulary) })
  );
  return { words, more: all.length - words.length };
}

const NAMES = { sentence: 'the sentence', prompt: 'the prompt', secondPrompt: 'the second prompt' };

function sentenceOf(
  key: keyof typeof NAMES,
  kind: 'empty' | 'too short' | 'too long',
  { tokens, least, most }: { tokens: number; least: number; most: number },
): string {
  const name = NAMES[key];
  if (kind === 'empty') return `${name} is empty: write at least one word`;
  if (kind === 'too short') return `${name} needs at least ${least} tokens, got ${tokens}`;
  const reason = key === 'sentence' ? '' : ' beside the new ones';
  return `${name} may have at most ${most} tokens${reason}, got ${tokens}`;
}

/** The message of the error that `check` throws; undefined if it throws none. */
function messageOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
