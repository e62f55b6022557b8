/** Samples the corpus of the little language: npx tsx data/corpus/make.ts */
import { writeFileSync } from 'node:fs';
import { CORPUS_FILE } from '../../lib/base/paths';
import { sampleSentences } from '../../lib/language/language-corpus';

export const SENTENCES = 20_000;
export const SEED = 16;

if (require.main === module) {
  writeFileSync(CORPUS_FILE, sampleSentences(SENTENCES, SEED));
  console.log(`wrote ${SENTENCES} sentences, seed ${SEED}, to ${CORPUS_FILE}`);
}
