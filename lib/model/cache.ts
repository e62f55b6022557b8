/**
 * The KV cache: the keys and values of earlier tokens, so that a pass computes only new positions
 * and not the whole sequence again (16.6.2).
 */
import { check, checkInteger } from '../base/checks';
import type { CachedLayer } from '../tensor/causal-attention';
import { variable } from '../tensor/memory';
import { embedding } from '../tensor/ops';
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
 * an argument of `forward`, which appends the keys and values of the new tokens.
 *
 * It holds at most `capacity` tokens of a sequence, which is at most `nPositions`. Beyond that, the
 * oldest token would have to be dropped and every other token would move to the position before.
 * With learned positions each key and value depends on its position, so all of them would be stale.
 * A full cache is therefore refused, and `generate` computes the whole window at each step from
 * there on.
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
    const zeros = (): tf.Variable => variable(() => tf.zeros([batchSize, capacity, config.nEmbd]));
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

  /**
   * Counts the `seq` tokens of each sequence that a pass has written.
   * @throws RangeError if it is not an integer of at least 1, or there is no room for them
   */
  advance(seq: number): void {
    checkInteger('seq', seq, { from: 1, to: this.capacity - this.length });
    this.tokens += seq;
  }

  /**
   * Makes sequence `rows[i]` the i-th one, for beam search. A sequence may be kept several times,
   * or dropped.
   * @throws RangeError on a row that does not exist, or if the cache was disposed
   */
  select(rows: readonly number[]): void {
    check(!this.layers[0]!.keys.isDisposed, 'the cache', 'in use', 'one that was disposed');
    check(rows.length > 0, 'rows', 'at least one', rows);
    for (const row of rows) checkInteger('row', row, { from: 0, to: this.batchSize - 1 });
    if (rows.length === this.batchSize && rows.every((row, i) => row === i)) return;
    const chosen = (old: tf.Variable): tf.Variable =>
      variable(() => { // a sequence is a row of a table; TensorFlow.js's own gather is far slower
        const table = tf.reshape(old, [old.shape[0], -1]);
        const kept = embedding(table, tf.tensor2d([[...rows]], undefined, 'int32'));
        return tf.reshape(kept, [rows.length, ...old.shape.slice(1)]);
      });
    this.layers.forEach(({ keys, values }, i) => {
      this.layers[i] = { keys: chosen(keys), values: chosen(values) };
      tf.dispose([keys, values]);
    });
  }

  /**
   * Checks that a pass may use the cache, because kernels follow pointers into its memory.
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
