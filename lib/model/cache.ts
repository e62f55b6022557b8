/**
 * The KV cache: the keys and values of earlier tokens, so that a new token costs one position and
 * not the whole sequence (16.6.2).
 */
import { check, checkInteger } from '../base/checks';
import type { CachedLayer } from '../tensor/causal-attention';
import { tf } from '../tensor/tf';
import type { GPTConfig } from './config';

type Config = Readonly<GPTConfig>;

/** A pass that is about to use a cache. */
export interface CachedPass {
  readonly batch: number;
  readonly seq: number;
  readonly causal: boolean;
  readonly training: boolean;
}

/**
 * Keys and values of every layer for a batch of sequences, in memory that is allocated once. It is
 * an argument of `forward`, which writes the new tokens' keys and values behind those that it
 * holds.
 *
 * It holds at most `capacity` tokens of a sequence, and that is at most `nPositions`. Past that,
 * the oldest token would have to go and every other would move one place down, and with learned
 * positions each key and value depends on its place: all of them would be stale. So a full cache is
 * refused, and `generate` reads its window again from there on.
 */
export class KVCache {
  readonly layers: CachedLayer[];
  private tokens = 0;

  /**
   * @throws RangeError unless `batchSize` is an integer of at least 1 and `capacity` one from 1 to
   *   `nPositions`
   */
  constructor(private readonly config: Config, batchSize: number, readonly capacity: number) {
    checkInteger('batchSize', batchSize, { from: 1 });
    checkInteger('capacity', capacity, { from: 1, to: config.nPositions });
    const zeros = (): tf.Variable =>
      tf.tidy(() => tf.variable(tf.zeros([batchSize, capacity, config.nEmbd]), false));
    this.layers = Array.from({ length: config.nLayer }, () => ({ keys: zeros(), values: zeros() }));
  }

  /** Tokens held of each sequence. */
  get length(): number {
    return this.tokens;
  }

  /** How many sequences it holds. */
  get batchSize(): number {
    return this.layers[0]!.keys.shape[0];
  }

  /** Counts the `seq` tokens of each sequence that a pass has written. */
  advance(seq: number): void {
    this.tokens += seq;
  }

  /**
   * Keeps sequence `rows[i]` as the i-th, as beam search does; a sequence may be kept twice or not
   * at all.
   * @throws RangeError on a row that does not exist
   */
  select(rows: readonly number[]): void {
    check(rows.length > 0, 'rows', 'at least one', rows);
    for (const row of rows) checkInteger('row', row, { from: 0, to: this.batchSize - 1 });
    if (rows.length === this.batchSize && rows.every((row, i) => row === i)) return;
    const chosen = (old: tf.Variable): tf.Variable => {
      const kept = tf.tidy(() => tf.variable(tf.gather(old, [...rows]), false));
      old.dispose();
      return kept;
    };
    this.layers.forEach(({ keys, values }, i) => {
      this.layers[i] = { keys: chosen(keys), values: chosen(values) };
    });
  }

  /**
   * Makes sure that a pass may use the cache: kernels follow pointers into its memory.
   * @throws Error if it was disposed or made by a different model, or in training mode
   * @throws RangeError if it has no room, is for a different batch, or the pass is not causal
   */
  checkPass(config: Config, { batch, seq, causal, training }: CachedPass): void {
    if (config !== this.config)
      throw new Error('this cache was made by another model; use its own createCache()');
    if (this.layers[0]!.keys.isDisposed)
      throw new Error('this cache was disposed; make another with createCache()');
    const after = this.length + seq;
    if (after > this.capacity)
      throw new RangeError(`the cache has room for ${this.capacity} tokens, got ${after}`);
    if (batch !== this.batchSize)
      throw new RangeError(`the cache is for ${this.batchSize} sequences, got ${batch}`);
    if (training)
      throw new Error('a cache is for inference, where dropout is off; call model.eval() first');
    if (!causal)
      throw new RangeError('a cache needs causal attention: no token may depend on later ones');
  }

  /** Frees its memory. */
  dispose(): void {
    for (const { keys, values } of this.layers) tf.dispose([keys, values]);
  }
}
