/**
 * Counting what a model is asked to do, whoever asks: the forward passes of a piece of work
 * (16.6.2).
 */
import type { GPT } from '../model/gpt';

/** One call of `forward`. */
export interface Pass {
  /** Rows and positions in each row that went in. */
  batch: number;
  seq: number;
  /** Positions in each row whose logits came out. */
  kept: number;
  /** Tokens that a cache held before; undefined without a cache. */
  past?: number;
}

/**
 * Runs `work` and says which forward passes of `model` it took, in order. They are watched, not
 * changed.
 */
export async function watchPasses(model: GPT, work: () => unknown): Promise<Pass[]> {
  const passes: Pass[] = [];
  const { forward } = model;
  model.forward = (inputIds, options) => {
    const past = options?.cache?.length;
    const logits = forward.call(model, inputIds, options);
    const seq = 'shape' in inputIds ? inputIds.shape[1] : inputIds[0]!.length;
    passes.push({ batch: logits.shape[0], seq, kept: logits.shape[1], past });
    return logits;
  };
  try {
    await work();
  } finally {
    model.forward = forward;
  }
  return passes;
}
