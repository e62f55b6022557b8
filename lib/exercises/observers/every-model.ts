/** Watches the passes of every model while an answer runs, whichever model it uses. */
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
  /** Whether dropout was on. */
  readonly training: boolean;
  /** The context of the model. */
  readonly nPositions: number;
}

/** What is seen of one piece of work. */
class Watch {
  readonly passes: CountedPass[] = [];
  readonly logits: tf.Tensor[] = [];
  readonly caches: KVCache[] = [];

  free(): void {
    for (const tensor of this.logits) if (!tensor.isDisposed) tensor.dispose();
    for (const cache of this.caches) if (!cache.layers[0]!.keys.isDisposed) cache.dispose();
  }
}

let watch: Watch | undefined;

/** Called with each model as `this`. */
// eslint-disable-next-line @typescript-eslint/unbound-method
const { forward, createCache } = GPT.prototype;

// Once, when the library is loaded, and not for each call of an answer: a cell may bind `forward`
// to a model before its answer runs.
GPT.prototype.forward = function(this: GPT, inputIds, options) {
  const past = options?.cache?.length ?? null;
  const training = options?.training ?? this.training;
  const made = forward.call(this, inputIds, options);
  const seq = 'shape' in inputIds ? inputIds.shape[1] : inputIds[0]!.length;
  const { nPositions } = this.config;
  watch?.passes.push({ rows: made.shape[0], seq, past, training, nPositions });
  watch?.logits.push(made);
  return made;
};
GPT.prototype.createCache = function(this: GPT, batchSize, capacity) {
  const cache = createCache.call(this, batchSize, capacity);
  watch?.caches.push(cache);
  return cache;
};

/** What `work` returned, its passes in order, and the tensors that it left behind. */
export interface Watched<T> {
  readonly result: T;
  readonly passes: CountedPass[];
  readonly tensorsLeft: number;
}

/** Runs `work`, then frees the logits and the caches that it has left. */
export function watchEveryModel<T>(work: () => T): Watched<T> {
  const outer = watch;
  const mine = watch = new Watch();
  try {
    const before = tf.memory().numTensors;
    const result = work();
    return { result, passes: mine.passes, tensorsLeft: tf.memory().numTensors - before };
  } finally {
    watch = outer;
    mine.free();
  }
}

/** The result of `work`, and the number of passes of every model until it is there. */
export async function countEveryPass<T>(
  work: () => T,
): Promise<{ result: Awaited<T>; passes: number }> {
  const mine = watch = new Watch(); // work that never ended may have left its own
  try {
    const result = await work();
    return { result, passes: mine.passes.length };
  } finally {
    if (watch === mine) watch = undefined;
  }
}

/**
 * How many tokens the last pass did not read, of those that it could: all before the last token of
 * a text of `length` tokens, or as many of them as the context holds.
 */
export function tokensMissed(
  passes: readonly Pick<CountedPass, 'seq' | 'past' | 'nPositions'>[],
  length: number,
): number {
  const last = passes.at(-1);
  if (!last) return Math.max(0, length - 1);
  return Math.max(0, Math.min(length - 1, last.nPositions) - (last.past ?? 0) - last.seq);
}
