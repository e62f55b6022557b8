/** The lowest loss that any model can reach on rows of the little language. */
import { log } from '../base/exp-and-log';
import { mean } from '../base/numbers';
import { type Batch, IGNORED } from '../text/batches';
import { language, wordTokenizer } from './little-language';

/**
 * The lowest mean loss, in nats, that any model can expect on these rows: the mean over all
 * positions of the exact entropy of the next word. Every row of `inputIds` [batch, seq] must begin
 * with a sentence, as the rows of `packedBatches` do. Positions with the target −100 do not count.
 * @throws RangeError that names the word if a row is not text of the language
 */
export function entropyFloor(batch: Batch): number {
  return mean(prefixes(batch).map(({ words }) => language.entropy(words)));
}

/**
 * The mean loss, in nats, of the exact probabilities of the language on the actual targets of these
 * rows.
 * @throws RangeError as {@link entropyFloor}
 */
export function exactLoss(batch: Batch): number {
  return mean(
    prefixes(batch).map(({ words, target }) => {
      const probabilities = language.nextWordProbabilities(words);
      return -log(probabilities.get(wordTokenizer.token(target)) ?? 0);
    }),
  );
}

/** The words up to each position whose target counts, and that target. */
function prefixes({ inputIds, targets }: Batch): { words: string[]; target: number }[] {
  const all = inputIds.flatMap((row, b) =>
    row.map((_, t) => ({ ids: row.slice(0, t + 1), target: targets[b]![t]! }))
  );
  return all.filter(({ target }) => target !== IGNORED).map(({ ids, target }) => ({
    words: wordsOf(ids),
    target,
  }));
}

function wordsOf(ids: readonly number[]): string[] {
  return ids.map((id) => wordTokenizer.token(id));
}
