import type { Random } from '../base/random';
import type { Batch } from '../text/batches';

/** Settings of {@link maskedBatches}. */
export interface MaskOptions {
  /** Rows in a batch. */
  batchSize: number;
  random: Random;
  /** The token that stands for a hole. */
  maskId: number;
  /** Tokens at the start of each row that are never hidden: the prompt. */
  promptLength: number;
}

/**
 * Batches that teach a model without causal mask to fill holes (16.8): rows drawn from `rows`, all
 * of one length, of which some tokens behind the prompt are replaced by `maskId`, from one to all
 * of them; the targets are the whole rows, not shifted.
 * @throws RangeError if there are no rows, they differ in length, or the prompt leaves nothing to
 *   hide
 */
export function maskedBatches(
  rows: readonly (readonly number[])[],
  options: MaskOptions,
): () => Batch {
  const { batchSize, random, maskId, promptLength } = options;
  const length = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== length))
    throw new RangeError('rows must all have one length');
  if (promptLength >= length)
    throw new RangeError(
      `promptLength must be below ${length}, the length of the rows; got ${promptLength}`,
    );
  const places = Array.from({ length: length - promptLength }, (_, i) => promptLength + i);
  return () => {
    const targets = Array.from(
      { length: batchSize },
      () => [...rows[random.integer(rows.length)]!],
    );
    const inputIds = targets.map((row) => {
      const hidden = new Set(random.shuffle(places).slice(0, 1 + random.integer(places.length)));
      return row.map((id, i) => (hidden.has(i) ? maskId : id));
    });
    return { inputIds, targets };
  };
}
