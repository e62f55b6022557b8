import type { Rules } from '../../lib/language/compile-grammar';
import { EOS } from '../../lib/text/tokenizer';

/**
 * All sentences that the rules derive, by plain recursion over derivations, without states or
 * beliefs: the reference that the exact probabilities are compared with. Derivations longer than
 * `maxWords` are left out; `remainder` is exactly their probability.
 */
export function enumerateSentences(
  rules: Rules,
  maxWords: number,
): { sentences: Map<string, number>; remainder: number } {
  const sentences = new Map<string, number>();
  let remainder = 0;
  const derive = (words: string[], stack: string[], probability: number): void => {
    const [top, ...below] = stack;
    if (top === undefined) {
      const sentence = [...words, EOS].join(' ');
      sentences.set(sentence, (sentences.get(sentence) ?? 0) + probability);
      return;
    }
    if (words.length === maxWords) {
      remainder += probability;
      return;
    }
    if (top.startsWith('{')) {
      for (const [percent, text] of rules[top.slice(1, -1)]!)
        derive(
          words,
          [...text.split(' ').filter(Boolean), ...below],
          (probability * percent) / 100,
        );
    } else {
      derive([...words, top], below, probability);
    }
  };
  derive([], ['{sentence}'], 1);
  return { sentences, remainder };
}

/** The probability of every prefix of the enumerated sentences, the empty one ('') included. */
export function prefixMasses(sentences: ReadonlyMap<string, number>): Map<string, number> {
  const masses = new Map<string, number>();
  for (const [sentence, probability] of sentences) {
    let prefix = '';
    masses.set(prefix, (masses.get(prefix) ?? 0) + probability);
    for (const word of sentence.split(' ')) {
      prefix = prefix === '' ? word : `${prefix} ${word}`;
      masses.set(prefix, (masses.get(prefix) ?? 0) + probability);
    }
  }
  return masses;
}
