/** Sentences of the little language as a corpus to train on. */
import { CORPUS_FILE } from '../base/paths';
import { Random } from '../base/random';
import { readText } from '../base/text-file';
import type { Corpus } from '../text/corpus';
import { EOS } from '../text/tokenizer';
import { language, wordTokenizer } from './little-language';

/** `count` random sentences of the little language as plain text, one a line. */
export function sampleSentences(count: number, seed: number): string {
  const random = new Random(seed);
  const lines = Array.from({ length: count }, () => {
    const ids = language.sample(random).map((word) => wordTokenizer.id(word));
    return wordTokenizer.decode(ids, { skipSpecialTokens: true });
  });
  return lines.join('\n') + '\n';
}

/** The sentences of data/corpus as token ids, each with `<eos>`; the last tenth is held out. */
export function languageCorpus(): Corpus {
  const lines = readText(CORPUS_FILE).split(/\r?\n/).filter((line) => line !== '');
  const sentences = lines.map((line) => wordTokenizer.encode(`${line} ${EOS}`));
  const heldOut = Math.ceil(sentences.length / 10);
  return { tokenizer: wordTokenizer, train: sentences.slice(0, -heldOut),
    validation: sentences.slice(-heldOut) };
}
