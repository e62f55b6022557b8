/** Counts the passes of every model while an answer runs, whichever model it uses. */
import { tf } from '../../tensor/tf';
import { GPT } from '../../model/gpt';
import type { KVCache } from '../../model/cache';

/** One call of `forward`. */
export interface CountedPass {
  readonly rows: number;
  /** Positions of each row that it reads. */
  readonly seq: number;
  /** Tokens in the cache before it; null without a cache. */
  readonly past: number | null;
}

/** What `work` returned, its passes in order, and the tensors that it left behind. */
export interface Watched<T> {
  readonly result: T;
  readonly passes: CountedPass[];
  readonly tensorsLeft: number;
}

/** Runs `work`, then frees the logits and the caches that it has left. */
export function watchEveryModel<T>(work: () => T): Watched<T> {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with a model below
  const { forward, createCache } = GPT.prototype;
  const passes: CountedPass[] = [];
  const logits: tf.Tensor[] = [];
  const caches: KVCache[] = [];
  GPT.prototype.forward = function(this: GPT, inputIds, options) {
    const past = options?.cache?.length ?? null;
    const made = forward.call(this, inputIds, options);
    const seq = 'shape' in inputIds ? inputIds.shape[1] : inputIds[0]!.length;
    passes.push({ rows: made.shape[0], seq, past });
    logits.push(made);
    return made;
  };
  GPT.prototype.createCache = function(this: GPT, batchSize, capacity) {
    const cache = createCache.call(this, batchSize, capacity);
    caches.push(cache);
    return cache;
  };
  try {
    const before = tf.memory().numTensors;
    const result = work();
    return { result, passes, tensorsLeft: tf.memory().numTensors - before };
  } finally {
    Object.assign(GPT.prototype, { forward, createCache });
    for (const tensor of logits) if (!tensor.isDisposed) tensor.dispose();
    for (const cache of caches) if (!cache.layers[0]!.keys.isDisposed) cache.dispose();
  }
}
