/**
 * Counts the forward passes of any computation, with their sizes. 16.0, 16.1, 16.2, 16.5, 16.6 and
 * 16.9 use it to show how many passes training and generation take; {@link passCost} calculates
 * what each of them costs. The checks of exercises count passes with it, too.
 */
import { GPT } from '../model/gpt';

/** One call of `forward`. */
export interface Pass {
  /** Rows, and positions in each row, of the input. */
  batch: number;
  seq: number;
  /** Positions in each row whose logits were computed. */
  kept: number;
  /** Tokens in the cache before the pass; undefined without a cache. */
  past?: number;
}

/** A call of `forward` with what belongs to it. */
export interface WatchedCall {
  readonly model: GPT;
  readonly options: Parameters<GPT['forward']>[1];
  readonly logits: ReturnType<GPT['forward']>;
  readonly pass: Pass;
}

const watchers = new Set<(call: WatchedCall) => void>();

// eslint-disable-next-line @typescript-eslint/unbound-method -- called with each model as `this`
const { forward } = GPT.prototype;

// Once and for all models, when the library is loaded: a cell may have bound `forward` to a model
// before its passes are watched.
GPT.prototype.forward = function(this: GPT, inputIds, options) {
  if (watchers.size === 0) return forward.call(this, inputIds, options);
  const past = options?.cache?.length;
  const logits = forward.call(this, inputIds, options);
  const seq = 'shape' in inputIds ? inputIds.shape[1] : inputIds[0]!.length;
  const pass = { batch: logits.shape[0], seq, kept: logits.shape[1], past };
  for (const see of watchers) see({ model: this, options, logits, pass });
  return logits;
};

/** Calls `see` after each forward pass of any model. Returns what ends that. */
export function onEveryPass(see: (call: WatchedCall) => void): () => void {
  watchers.add(see);
  return () => void watchers.delete(see);
}

/**
 * Runs `work` and returns the forward passes of `model` during it, in order. The passes themselves
 * are not changed.
 */
export async function watchPasses(model: GPT, work: () => unknown): Promise<Pass[]> {
  const passes: Pass[] = [];
  const stop = onEveryPass((call) => {
    if (call.model === model) passes.push(call.pass);
  });
  try {
    await work();
  } finally {
    stop();
  }
  return passes;
}
