/** Samples the corpus of the little language: npx tsx data/corpus/make.ts */
import { CORPUS_FILE } from '../../lib/base/paths';
import { writeWholeSync } from '../../lib/base/write-file';
import { commandLine, runProgram } from '../../lib/course/setup/program.mjs';
import { sampleSentences } from '../../lib/language/language-corpus';

export const SENTENCES = 20_000;
export const SEED = 16;

const USAGE =
  `npx tsx data/corpus/make.ts                  samples the corpus again, to the same bytes
npx tsx data/corpus/make.ts --out FILE       the same, into another file`;

if (require.main === module) {
  void runProgram(() => {
    const { values } = commandLine({ options: { out: { type: 'string' } } }, USAGE);
    const file = values.out ?? CORPUS_FILE;
    writeWholeSync(file, sampleSentences(SENTENCES, SEED));
    console.log(`wrote ${SENTENCES} sentences, seed ${SEED}, to ${file}`);
  });
}
