/** What is wrong with a text of the reader or with a link, in the language of the page. */
import type { UnknownWords } from '../../base/checks';
import type { Problem } from '../problem';
import type { Words } from './words';

/** A whole sentence. */
export function sayProblem(problem: Problem, words: Words): string {
  const { t, number } = words;
  const { key } = problem;
  switch (problem.kind) {
    case 'empty':
      return t(key === 'sentence' ? 'sentenceEmpty' : 'promptEmpty');
    case 'too short':
      return t('sentenceTooShort', { tokens: problem.tokens });
    case 'too long':
      return t(key === 'sentence' ? 'sentenceTooLong' : 'promptTooLong', { most: problem.most,
        tokens: problem.tokens });
    case 'unknown word':
      return sayWords(problem, words);
    case 'unknown key':
      return problem.nearest === undefined
        ? t('unknownKey', { key: cut(key) })
        : t('misspeltKey', { key: cut(key), nearest: problem.nearest });
    case 'choice':
      return t('wrongChoice', { key, given: cut(problem.given),
        allowed: problem.allowed.join(t('comma')) });
    case 'range': {
      const { from, to, step } = problem.range;
      const digits = step === 1 ? 0 : 1;
      return t(step === 1 ? 'wrongInteger' : 'wrongNumber', { key, given: cut(problem.given),
        from: number(from, digits), to: number(to, digits) });
    }
  }
}

function sayWords({ words, more }: UnknownWords, { t }: Words): string {
  const named = words.map(({ word, nearest }) =>
    nearest === undefined
      ? t('quoted', { word: cut(word) })
      : t('wordWithNearest', { word: cut(word), nearest })
  );
  const all = named.join(t('comma'));
  return t('unknownWord', { words: more > 0 ? all + t('andMore', { count: more }) : all });
}

/** So that a text of any length leaves room for the sentence. */
const MOST = 40;
const cut = (text: string): string => (text.length > MOST ? `${text.slice(0, MOST)}…` : text);
