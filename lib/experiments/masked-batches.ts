/**
 * Training data for a model that fills holes (16.8), as in mask-predict (Ghazvininejad et al.
 * 2019); the model is then used by {@link modelFillIn}.
 */
import { check, checkInteger, checkNames } from '../base/checks';
import { checkRandom, type Random } from '../base/random';
import type { Batch } from '../text/batches';

/** Settings of {@link maskedBatches}. */
export interface MaskOptions {
  /** Rows in a batch. */
  batchSize: number;
  random: Random;
  /** The token at each hole. */
  maskId: number;
  /** Tokens at the start of each row that are never hidden: the prompt. */
  promptLength: number;
}

/**
 * Batches that train a model without causal mask to fill holes. They are random rows of `rows`, all
 * of one length, in which `maskId` replaces between one and all of the tokens after the prompt. The
 * targets are the whole rows, not shifted.
 * @throws RangeError if there are no rows, they differ in length, or the prompt leaves nothing to
 *   hide
 */
export function maskedBatches(
  rows: readonly (readonly number[])[],
  options: MaskOptions,
): () => Batch {
  checkNames('option', options, ['batchSize', 'random', 'maskId', 'promptLength']);
  const { batchSize, random, maskId, promptLength } = options;
  checkInteger('batchSize', batchSize, { from: 1, to: 100_000 });
  checkInteger('maskId', maskId, { from: 0 });
  checkRandom(random);
  const length = rows[0]?.length ?? 0;
  const lengths = rows.map((row) => row.length);
  check(
    length > 0 && lengths.every((each) => each === length),
    'rows',
    'all of one length',
    lengths,
  );
  checkInteger('promptLength', promptLength, { from: 0, to: length - 1 });
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
