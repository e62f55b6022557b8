import type { Rules } from '../../lib/language/grammar';
import { EOS } from '../../lib/text/tokenizer';

/**
 * The independent source: all sentences that the rules derive, by plain recursion over derivations,
 * without states or beliefs. Derivations longer than `maxWords` are given up; `remainder` is
 * exactly the probability that they carry.
 */
export function enumerate(
  rules: Rules,
  maxWords: number,
): { sentences: Map<string, number>; remainder: number } {
  const sentences = new Map<string, number>();
  let remainder = 0;
  const derive = (said: string[], stack: string[], probability: number): void => {
    if (stack.length === 0) {
      const sentence = [...said, EOS].join(' ');
      sentences.set(sentence, (sentences.get(sentence) ?? 0) + probability);
      return;
    }
    if (said.length === maxWords) {
      remainder += probability;
      return;
    }
    const [top, ...below] = stack;
    if (!top.startsWith('{')) return derive([...said, top], below, probability);
    for (const [percent, text] of rules[top.slice(1, -1)]) {
      derive(said, [...text.split(' ').filter(Boolean), ...below], (probability * percent) / 100);
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
