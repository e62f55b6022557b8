/** Sentences of the little language as a corpus. */
import { readFileSync } from 'node:fs';
import { CORPUS_FILE } from '../base/paths';
import { Random } from '../base/random';
import type { Corpus } from '../text/corpus';
import { EOS } from '../text/tokenizer';
import { language, wordTokenizer } from './language';

/** `count` sentences of the little language, written as people write them, one a line. */
export function drawSentences(count: number, seed: number): string {
  const random = new Random(seed);
  const lines = Array.from({ length: count }, () => {
    const ids = language.sample(random).map((word) => wordTokenizer.id(word));
    return wordTokenizer.decode(ids, { skipSpecialTokens: true });
  });
  return lines.join('\n') + '\n';
}

/** The corpus of the little language, one piece a sentence; the last tenth is held out. */
export function languageCorpus(): Corpus {
  const lines = readFileSync(CORPUS_FILE, 'utf8').split(/\r?\n/).filter((line) => line !== '');
  const sentences = lines.map((line) => wordTokenizer.encode(`${line} ${EOS}`));
  const held = Math.ceil(sentences.length / 10);
  return { tokenizer: wordTokenizer, train: sentences.slice(0, -held),
    validation: sentences.slice(-held) };
}
