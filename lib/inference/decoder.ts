/** Sequences that grow token by token: what every strategy stands on. It asks for logits and says what it appended. */
import type { KVCache } from '../model/cache';
import type { GPT } from '../model/gpt';

/** Gives the logits that follow each of some sequences, step after step. */
export interface Decoder {
  /**
   * Logits of the next token of each of `rows`, token ids of any lengths → one Float32Array [vocab] a row, from one
   * forward pass. After the first call, `rows[i]` must be row `parents[i]` of the call before and one more token.
   */
  next(rows: readonly (readonly number[])[], parents?: readonly number[]): Promise<Float32Array[]>;
  dispose(): void;
}

/** A decoder that computes every sequence anew at each step. */
export function uncachedDecoder(model: GPT, padTokenId: number): Decoder {
  return { next: (rows) => nextLogits(model, rows, padTokenId), dispose: () => undefined };
}

/**
 * Logits of the next token of each of `rows`, without any memory of earlier calls. Rows longer than the context keep
 * their most recent tokens (16.3.3). Shorter ones are padded on the left, hidden by the mask, and their positions counted
 * from their first real token, as if each were alone (16.5).
 */
export async function nextLogits(model: GPT, rows: readonly (readonly number[])[], padTokenId = 0): Promise<Float32Array[]> {
  const windows = rows.map((row) => row.slice(-model.config.nPositions));
  const longest = Math.max(...windows.map((row) => row.length));
  const padding = windows.map((row) => longest - row.length);
  const fill = <T>(value: T, b: number): T[] => new Array<T>(padding[b]!).fill(value);
  const inputIds = windows.map((row, b) => [...fill(padTokenId, b), ...row]);
  const padded = padding.some((count) => count > 0) && {
    attentionMask: windows.map((row, b) => [...fill(0, b), ...row.map(() => 1)]),
    positionIds: windows.map((row, b) => [...fill(0, b), ...row.keys()]),
  };
  const logits = model.forward(inputIds, { ...padded, logitsToKeep: 1 }); // [batch, 1, vocab]
  const values = logits.dataSync() as Float32Array; // computed by now: waiting for a promise would only cost time
  logits.dispose();
  const { vocabSize } = model.config;
  return rows.map((_, b) => values.subarray(b * vocabSize, (b + 1) * vocabSize));
}

/**
 * A decoder that keeps the keys and values of earlier tokens. Once a sequence is longer than the context its window slides,
 * every token gets another place and all cached keys are stale: from there on it computes anew, like the other one. The
 * cache has room for `maxNewTokens` behind the longest of the first rows.
 */
export function cachedDecoder(model: GPT, padTokenId: number, maxNewTokens: number): Decoder {
  const { nPositions, vocabSize } = model.config;
  let cache: KVCache | undefined; // made at the first call, when the rows are known
  let padding: number[] = [];
  let masks: number[][] = []; // a row for each sequence, one longer at each step
  const dispose = (): void => {
    cache?.dispose();
    cache = undefined;
  };
  return {
    dispose,
    async next(rows, parents) {
      const longest = Math.max(...rows.map((row) => row.length));
      if (longest > nPositions) {
        dispose();
        return nextLogits(model, rows, padTokenId);
      }
      let fresh: readonly (readonly number[])[];
      if (cache) {
        const kept = parents ?? [...rows.keys()];
        cache.select(kept);
        padding = kept.map((row) => padding[row]!);
        masks = kept.map((row) => [...masks[row]!, 1]);
        fresh = rows.map((row) => row.slice(-1));
      } else {
        cache = model.createCache(rows.length, Math.min(nPositions, longest + maxNewTokens));
        padding = rows.map((row) => longest - row.length);
        masks = rows.map((row, b) => Array.from({ length: longest }, (_, t) => Number(t >= padding[b]!)));
        fresh = rows.map((row, b) => [...new Array<number>(padding[b]!).fill(padTokenId), ...row]);
      }
      const { length } = cache;
      const places = fresh[0]!.map((_, t) => length + t);
      const padded = padding.some((count) => count > 0) && {
        attentionMask: masks,
        positionIds: padding.map((count) => places.map((place) => Math.max(0, place - count))),
      };
      const logits = model.forward(fresh, { ...padded, cache, logitsToKeep: 1 });
      const values = logits.dataSync() as Float32Array; // computed by now: waiting for a promise would only cost time
      logits.dispose();
      return rows.map((_, b) => values.subarray(b * vocabSize, (b + 1) * vocabSize));
    },
  };
}
