/** The logits that follow sequences which grow token by token, with a KV cache and without. */
import type { KVCache } from '../model/cache';
import type { GPT } from '../model/gpt';
import type { tf } from '../tensor/tf';
import { padLeft } from '../text/padding';
import type { Prompts, Request } from './request';

/** Gives the logits that follow each of some sequences, step after step. */
export interface LogitsSource {
  /**
   * Logits of the next token of each of `rows`, token ids of any lengths → one Float32Array [vocab]
   * a row, from one forward pass. After the first call, `rows[i]` must be row `parents[i]` of the
   * call before and one more token.
   */
  next(rows: Prompts, parents: readonly number[]): Float32Array[];
  dispose(): void;
}

/** A source that computes every sequence from scratch at each step. */
export function uncachedLogits(model: GPT, { padding }: Request): LogitsSource {
  return { next: (rows) => nextLogits(model, rows, padding), dispose: () => undefined };
}

/**
 * Logits of the next token of each of `rows`, without any memory of earlier calls. Rows longer than
 * the context keep their most recent tokens (16.3.3). Shorter ones are padded on the left, hidden by
 * the mask, and their positions counted from their first real token, as if each were alone (16.5).
 * The ids are not checked again: the caller has checked the prompts.
 */
export function nextLogits(model: GPT, rows: Prompts, padTokenId = 0): Float32Array[] {
  const { inputIds, isPadded, ...padded } = padLeft(
    rows.map((row) => row.slice(-model.config.nPositions)),
    padTokenId,
  );
  return readRows(
    model.forward(inputIds, { ...(isPadded && padded), logitsToKeep: 1, unchecked: true }),
  );
}

/** Logits [batch, 1, vocab] as one Float32Array [vocab] a row; the tensor is freed. */
function readRows(logits: tf.Tensor3D): Float32Array[] {
  const [batch, , vocabSize] = logits.shape;
  const values = logits.dataSync() as Float32Array; // computed by now: waiting for a promise would only cost time
  logits.dispose();
  return Array.from(
    { length: batch },
    (_, b) => values.subarray(b * vocabSize, (b + 1) * vocabSize),
  );
}

/**
 * A source that keeps the keys and values of earlier tokens. Once a sequence is longer than the
 * context its window slides, every token gets another place and all cached keys are stale: from
 * there on it computes from scratch, like the uncached one. A cache that only padding has filled,
 * beside a longer row that has ended since, is made again without it. It has room for the new tokens
 * behind the longest of the first rows.
 */
export function cachedLogits(model: GPT, { padding, maxNewTokens }: Request): LogitsSource {
  const { nPositions } = model.config;
  let cache: KVCache | undefined; // made at the first call, when the rows are known
  let masks: number[][] = []; // a row for each sequence, one longer at each step
  const dispose = (): void => {
    cache?.dispose();
    cache = undefined;
  };
  return {
    dispose,
    next(rows, parents) {
      const longest = rows.reduce((most, row) => Math.max(most, row.length), 0);
      if (longest > nPositions) {
        dispose();
        return nextLogits(model, rows, padding);
      }
      if (cache && cache.length === cache.capacity) dispose(); // of padding, in part: no row is too long
      if (!cache) {
        const { inputIds, isPadded, ...padded } = padLeft(rows, padding);
        cache = model.createCache(rows.length, Math.min(nPositions, longest + maxNewTokens));
        masks = padded.attentionMask;
        return readRows(
          model.forward(inputIds, { ...(isPadded && padded), cache, logitsToKeep: 1,
            unchecked: true }),
        );
      }
      cache.select(parents);
      masks = parents.map((row) => [...masks[row]!, 1]);
      const isPadded = masks.some(([first]) => first === 0);
      const padded = isPadded
        && { attentionMask: masks, positionIds: rows.map((row) => [row.length - 1]) };
      return readRows(
        model.forward(rows.map((row) => row.slice(-1)), { ...padded, cache, logitsToKeep: 1,
          unchecked: true }),
      );
    },
  };
}
