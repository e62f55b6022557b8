/** The next-token logits of sequences that grow token by token, with a KV cache and without. */
import type { KVCache } from '../model/cache';
import type { ForwardOptions, GPT } from '../model/gpt';
import { padLeft } from '../text/padding';
import type { Rows } from '../text/tokenizer';
import type { Request } from './request';

/** Computes the next-token logits of several sequences, step after step. */
export interface LogitsSource {
  /**
   * Logits of the next token of each of `rows`, token ids of any lengths → one Float32Array [vocab]
   * a row, from one forward pass. After the first call, `rows[i]` must be row `parents[i]` of the
   * call before plus one token.
   */
  next(rows: Rows, parents: readonly number[]): Float32Array[];
  dispose(): void;
}

/** A source that computes every sequence from scratch at each step. */
export function uncachedLogits(model: GPT, { padding }: Request): LogitsSource {
  return { next: (rows) => nextLogits(model, rows, padding), dispose: () => undefined };
}

/**
 * Logits of the next token of each of `rows`, computed from scratch. Rows longer than the context
 * keep their most recent tokens (16.3.3). Shorter ones are padded on the left. The padding is
 * masked, and positions are counted from the first real token, as if each row were alone (16.5).
 * The ids are not checked again: the caller has checked the prompts.
 */
export function nextLogits(model: GPT, rows: Rows, padding = 0, training = false): Float32Array[] {
  const windows = rows.map((row) => row.slice(-model.config.nPositions));
  const { inputIds, isPadded, ...padded } = padLeft(windows, padding);
  return lastLogits(model, inputIds, { ...(isPadded && padded), training });
}

/** Logits [vocab] of the last column of each row, from one pass, by default without dropout. */
export function lastLogits(model: GPT, inputIds: Rows, options: ForwardOptions): Float32Array[] {
  const quiet = { training: false, ...options };
  const logits = model.forward(inputIds, { ...quiet, logitsToKeep: 1, unchecked: true });
  // already computed, so a promise would only cost time
  const values = logits.dataSync() as Float32Array;
  logits.dispose();
  const size = model.config.vocabSize;
  return inputIds.map((_, row) => values.subarray(row * size, (row + 1) * size));
}

/**
 * A source that keeps the keys and values of earlier tokens. The cache has room for the longest of
 * the first rows and its new tokens. Once a sequence is longer than the context, its window slides,
 * every token gets a different position, and all cached keys are stale: from there on every step
 * computes from scratch. If the cache is full only because shorter rows were padded to a longer row
 * that has finished, it is built again without that padding.
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
      if (cache?.length === cache?.capacity) dispose(); // padding filled it: no row is too long
      if (!cache) {
        const { inputIds, isPadded, ...padded } = padLeft(rows, padding);
        cache = model.createCache(rows.length, Math.min(nPositions, longest + maxNewTokens));
        masks = padded.attentionMask;
        return lastLogits(model, inputIds, { ...(isPadded && padded), cache });
      }
      cache.select(parents);
      masks = parents.map((row) => [...masks[row]!, 1]);
      const isPadded = masks.some(([first]) => first === 0);
      const positionIds = rows.map((row) => [row.length - 1]);
      const padded = isPadded && { attentionMask: masks, positionIds };
      return lastLogits(model, rows.map((row) => row.slice(-1)), { ...padded, cache });
    },
  };
}
