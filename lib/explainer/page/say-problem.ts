/** What is wrong with a text of the reader, in the language of the page. */
import type { Problem } from '../check-state';
import type { TextKey, Words } from './words';

type Field = 'sentence' | 'prompt' | 'secondPrompt';

const TOO_LONG: Record<Field, TextKey> = { sentence: 'sentenceTooLong', prompt: 'promptTooLong',
  secondPrompt: 'promptTooLong' };

/** A whole sentence. */
export function sayProblem({ key, kind, values, sentence }: Problem, t: Words['t']): string {
  if (kind === 'empty') return t(key === 'sentence' ? 'sentenceEmpty' : 'promptEmpty');
  if (kind === 'too short') return t('sentenceTooShort', values);
  if (kind === 'too long') return t(TOO_LONG[key as Field], values);
  return t(kind === 'unknown word' ? 'unknownWord' : 'invalid', { problem: sentence });
}
