/** The lowest loss that any model can reach on rows of the little language. */
import type { Batch } from '../text/batches';
import { language, wordTokenizer } from './little-language';

/**
 * The lowest mean loss, in nats, that any model can expect on these rows: the mean over all
 * positions of the exact entropy of the next word. Every row of `inputIds` [batch, seq] must begin
 * with a sentence, as the rows of `packedBatches` do.
 * @throws RangeError that names the word if a row is not text of the language
 */
export function entropyFloor({ inputIds }: Batch): number {
  return mean(
    inputIds.flatMap((row) => row.map((_, t) => language.entropy(wordsOf(row.slice(0, t + 1))))),
  );
}

/**
 * The mean loss, in nats, of the exact probabilities of the language on the actual targets of these
 * rows.
 * @throws RangeError as {@link entropyFloor}
 */
export function exactLoss({ inputIds, targets }: Batch): number {
  return mean(
    inputIds.flatMap((row, b) =>
      row.map((_, t) => {
        const probabilities = language.nextWordProbabilities(wordsOf(row.slice(0, t + 1)));
        return -Math.log(probabilities.get(wordTokenizer.token(targets[b]![t]!)) ?? 0);
      })
    ),
  );
}

function wordsOf(ids: readonly number[]): string[] {
  return ids.map((id) => wordTokenizer.token(id));
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
