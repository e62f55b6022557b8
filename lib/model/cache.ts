/**
 * The KV cache: what earlier tokens left behind, so that a new token costs one position and not the
 * whole sequence (16.6.4).
 */
import type { CachedLayer } from '../tensor/plain';
import { tf } from '../tensor/tf';
import type { GPTConfig } from './config';

/**
 * Keys and values of every layer for a batch of sequences, in memory that is allocated once. It is
 * an argument of `forward`, which writes the new tokens' keys and values behind those that it
 * holds.
 *
 * It holds at most `capacity` tokens of a sequence, and that is at most `nPositions`. Past that,
 * the oldest token would have to go and every other would move one place down, and with learned
 * positions each key and value depends on its place: all of them would be stale. So a full cache is
 * refused, and `generate` reads its window anew from there on.
 */
export class KVCache {
  /** Tokens held of each sequence. */
  length = 0;
  readonly layers: readonly CachedLayer[];

  /**
   * @throws RangeError unless `batchSize` is a whole number of at least 1 and `capacity` one from 1
   *   to `nPositions`
   */
  constructor(
    private readonly config: Readonly<GPTConfig>,
    batchSize: number,
    readonly capacity: number,
  ) {
    if (!Number.isInteger(batchSize) || batchSize < 1)
      throw new RangeError(`batchSize must be a whole number of at least 1, got ${batchSize}`);
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > config.nPositions) {
      throw new RangeError(
        `capacity must be a whole number from 1 to ${config.nPositions}, got ${capacity}`,
      );
    }
    const zeros = (): tf.Variable =>
      tf.tidy(() => tf.variable(tf.fill([batchSize, capacity, config.nEmbd], 0), false));
    this.layers = Array.from({ length: config.nLayer }, () => ({ keys: zeros(), values: zeros() }));
  }

  /** How many sequences it holds. */
  get batchSize(): number {
    return this.layers[0]!.keys.shape[0]!;
  }

  /**
   * Keeps sequence `rows[i]` as the i-th, as beam search does; a sequence may be kept twice or not
   * at all.
   * @throws RangeError on a row that is not there
   */
  select(rows: readonly number[]): void {
    const wrong = rows.find((row) => !Number.isInteger(row) || row < 0 || row >= this.batchSize);
    if (rows.length === 0 || wrong !== undefined)
      throw new RangeError(`rows must be from 0 to ${this.batchSize - 1}, got ${wrong ?? 'none'}`);
    if (rows.length === this.batchSize && rows.every((row, i) => row === i)) return;
    for (const layer of this.layers) {
      for (const name of ['keys', 'values'] as const) {
        const chosen = tf.tidy(() =>
          tf.variable(tf.gather(layer[name], tf.tensor1d([...rows], 'int32')), false)
        );
        layer[name].dispose();
        (layer as { keys: tf.Variable; values: tf.Variable })[name] = chosen;
      }
    }
  }

  /**
   * Makes sure that it has memory of the shape that a model with this configuration will follow
   * pointers into.
   * @throws Error if it was disposed, or made by another model
   * @throws RangeError if it has no room for `seq` more tokens
   */
  checkUsable(config: Readonly<GPTConfig>, seq: number): void {
    if (config !== this.config)
      throw new Error(
        'this cache was made by another model; use createCache() of the model that reads it',
      );
    if (this.layers[0]!.keys.isDisposed)
      throw new Error('this cache was disposed; make another with createCache()');
    if (this.length + seq > this.capacity)
      throw new RangeError(
        `the cache has room for ${this.capacity} tokens, got ${this.length + seq}`,
      );
  }

  /** Frees its memory. */
  dispose(): void {
    for (const { keys, values } of this.layers) tf.dispose([keys, values]);
  }
}
