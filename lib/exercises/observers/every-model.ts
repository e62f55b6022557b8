/** Watches the passes of every model while an answer runs, whichever model it uses. */
import { tf } from '../../tensor/tf';
import { onEveryPass } from '../../experiments/watch-passes';
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

/** What `work` returned, its passes in order, and the tensors that it left behind. */
export interface Watched<T> {
  readonly result: T;
  readonly passes: CountedPass[];
  readonly tensorsLeft: number;
}

/** Runs `work`, then frees the logits and the caches of its passes that it has left. */
export function watchEveryModel<T>(work: () => T): Watched<T> {
  const passes: CountedPass[] = [];
  const held: (tf.Tensor | KVCache)[] = [];
  const stop = onEveryPass(({ model, options, logits, pass: { batch, seq, past = null } }) => {
    const training = options?.training ?? model.training;
    passes.push({ rows: batch, seq, past, training, nPositions: model.config.nPositions });
    held.push(logits, ...[options?.cache ?? []].flat());
  });
  try {
    const before = tf.memory().numTensors;
    const result = work();
    return { result, passes, tensorsLeft: tf.memory().numTensors - before };
  } finally {
    stop();
    for (const one of held) if (!isFreed(one)) one.dispose();
  }
}

const isFreed = (one: tf.Tensor | KVCache): boolean =>
  'layers' in one ? one.layers[0]!.keys.isDisposed : one.isDisposed;

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
