/** Copies sequences between KV caches, for a server in which they come and go (16.9). */
import { check } from '../base/checks';
import type { KVCache } from '../model/cache';
import type { GPT } from '../model/gpt';
import { tf } from '../tensor/tf';

/** The keys and values of one sequence: `length` columns of a row of a cache, from `start` on. */
export interface CachedRow {
  readonly cache: KVCache;
  readonly row: number;
  readonly start: number;
  readonly length: number;
}

/**
 * A new cache that holds copies of these sequences, one a row, each ending in the last column that
 * is in use. The columns before a shorter one hold zeros, which its attention mask must hide. The
 * keys stay valid, because each token keeps the position that it was read at.
 * @throws RangeError without rows
 */
export function gatherRows(model: GPT, rows: readonly CachedRow[]): KVCache {
  check(rows.length > 0, 'rows', 'at least one', rows.length);
  const { nEmbd: width } = model.config;
  const gathered = model.createCache(rows.length);
  const { capacity, layers } = gathered;
  const longest = rows.reduce((most, { length }) => Math.max(most, length), 0);
  for (const [layer, own] of layers.entries()) {
    for (const kind of ['keys', 'values'] as const) {
      // by copies of memory: TensorFlow.js takes a millisecond for a gather of this size
      const numbers = new Float32Array(rows.length * capacity * width);
      const sources = new Map(rows.map(({ cache }) => [cache, cache.layers[layer]![kind]]));
      const read = new Map([...sources].map(([cache, source]) => [cache, source.dataSync()]));
      rows.forEach(({ cache, row, start, length }, i) => {
        const from = (row * cache.capacity + start) * width;
        const copied = read.get(cache)!.subarray(from, from + length * width);
        numbers.set(copied, (i * capacity + longest - length) * width);
      });
      tf.tidy(() => own[kind].assign(tf.tensor(numbers, [rows.length, capacity, width])));
    }
  }
  gathered.advance(longest);
  return gathered;
}
