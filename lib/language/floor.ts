import type { Batch } from '../text/batches';
import { language, wordTokenizer } from './language';

/**
 * The lowest mean loss, in nats, that any model can expect on these rows of the little language:
 * the mean over all positions of the exact entropy of the next word. Every row must begin with a
 * sentence, as `packedBatches` has it.
 * @throws RangeError that names the word if a row is none of the language's
 */
export function entropyFloor({ inputIds }: Batch): number {
  return mean(
    inputIds.flatMap((row) => row.map((_, t) => language.entropy(wordsOf(row.slice(0, t + 1))))),
  );
}

/**
 * The mean loss, in nats, that a model which knows the language exactly has on the actual targets
 * of these rows.
 * @throws RangeError as {@link entropyFloor}
 */
export function exactLoss({ inputIds, targets }: Batch): number {
  return mean(
    inputIds.flatMap((row, b) =>
      row.map((_, t) => {
        const probabilities = language.nextWordProbabilities(wordsOf(row.slice(0, t + 1)));
        return -Math.log(probabilities.get(wordTokenizer.token(targets[b][t])) ?? 0);
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
