/**
 * Counts the forward passes of any computation, with their sizes. 16.0, 16.1, 16.2, 16.5, 16.6 and
 * 16.9 use it to show how many passes training and generation take; {@link passCost} calculates
 * what each of them costs.
 */
import type { GPT } from '../model/gpt';

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

/**
 * Runs `work` and returns the forward passes of `model` during it, in order. The passes themselves
 * are not changed.
 */
export async function watchPasses(model: GPT, work: () => unknown): Promise<Pass[]> {
  const passes: Pass[] = [];
  const outer = Object.getOwnPropertyDescriptor(model, 'forward'); // of an enclosing watchPasses
  const forward = model.forward.bind(model);
  model.forward = (inputIds, options) => {
    const past = options?.cache?.length;
    const logits = forward(inputIds, options);
    const seq = 'shape' in inputIds ? inputIds.shape[1] : inputIds[0]!.length;
    passes.push({ batch: logits.shape[0], seq, kept: logits.shape[1], past });
    return logits;
  };
  try {
    await work();
  } finally {
    if (outer) Object.defineProperty(model, 'forward', outer);
    else Reflect.deleteProperty(model, 'forward');
  }
  return passes;
}
