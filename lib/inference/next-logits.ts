/**
 * Sequences that grow token by token: what every strategy stands on. It asks for logits and says
 * what it appended.
 */
import type { KVCache } from '../model/cache';
import type { GPT } from '../model/gpt';
import type { tf } from '../tensor/tf';
import { padLeft } from '../text/padding';

/** Gives the logits that follow each of some sequences, step after step. */
export interface Decoder {
  /**
   * Logits of the next token of each of `rows`, token ids of any lengths → one Float32Array [vocab]
   * a row, from one forward pass. After the first call, `rows[i]` must be row `parents[i]` of the
   * call before and one more token.
   */
  next(rows: readonly (readonly number[])[], parents?: readonly number[]): Promise<Float32Array[]>;
  dispose(): void;
}

/** A decoder that computes every sequence anew at each step. */
export function uncachedDecoder(model: GPT, padTokenId: number): Decoder {
  return { next: (rows) => nextLogits(model, rows, padTokenId), dispose: () => undefined };
}

/**
 * Logits of the next token of each of `rows`, without any memory of earlier calls. Rows longer than
 * the context keep their most recent tokens (16.3.3). Shorter ones are padded on the left, hidden
 * by the mask, and their positions counted from their first real token, as if each were alone
 * (16.5).
 */
export async function nextLogits(
  model: GPT,
  rows: readonly (readonly number[])[],
  padTokenId = 0,
): Promise<Float32Array[]> {
  const { inputIds, attentionMask, positionIds } = padLeft(
    rows.map((row) => row.slice(-model.config.nPositions)),
    padTokenId,
  );
  const padded = isPadded(attentionMask) && { attentionMask, positionIds };
  return readRows(model.forward(inputIds, { ...padded, logitsToKeep: 1 }));
}

/**
 * Whether a left-padded mask hides anything: where it does not, the model is told of no mask and
 * takes its shorter road.
 */
const isPadded = (attentionMask: readonly (readonly number[])[]): boolean =>
  attentionMask.some(([first]) => first === 0);

/** Logits [batch, 1, vocab] as one Float32Array [vocab] a row; the tensor is freed. */
function readRows(logits: tf.Tensor3D): Float32Array[] {
  const [batch, , vocabSize] = logits.shape;
  // computed by now: waiting for a promise would only cost time
  const values = logits.dataSync() as Float32Array;
  logits.dispose();
  return Array.from(
    { length: batch },
    (_, b) => values.subarray(b * vocabSize, (b + 1) * vocabSize),
  );
}

/**
 * A decoder that keeps the keys and values of earlier tokens. Once a sequence is longer than the
 * context its window slides, every token gets another place and all cached keys are stale: from
 * there on it computes anew, like the other one. A cache that only padding has filled, beside a
 * longer row that has ended since, is made anew without it. It has room for `maxNewTokens` behind
 * the longest of the first rows.
 */
export function cachedDecoder(model: GPT, padTokenId: number, maxNewTokens: number): Decoder {
  const { nPositions } = model.config;
  let cache: KVCache | undefined; // made at the first call, when the rows are known
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
      // of padding, in part: no row is too long
      if (cache && cache.length === cache.capacity) dispose();
      if (!cache) {
        const { inputIds, attentionMask, positionIds } = padLeft(rows, padTokenId);
        cache = model.createCache(rows.length, Math.min(nPositions, longest + maxNewTokens));
        masks = attentionMask;
        const padded = isPadded(masks) && { attentionMask, positionIds };
        return readRows(model.forward(inputIds, { ...padded, cache, logitsToKeep: 1 }));
      }
      const kept = parents ?? [...rows.keys()];
      cache.select(kept);
      masks = kept.map((row) => [...masks[row]!, 1]);
      const padded = isPadded(masks)
        && { attentionMask: masks, positionIds: rows.map((row) => [row.length - 1]) };
      return readRows(
        model.forward(rows.map((row) => row.slice(-1)), { ...padded, cache, logitsToKeep: 1 }),
      );
    },
  };
}
