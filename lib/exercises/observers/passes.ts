/** Counts the forward passes that an answer takes (16.1, 16.2). */
import { GPT } from '../../model/gpt';
import { encode, type PlainData, toPlain } from '../plain';
import { asFunction } from './calls';
import type { Observer } from './index';

/** Called with each model as `this`. */
// eslint-disable-next-line @typescript-eslint/unbound-method
const { forward } = GPT.prototype;

/** The result of `work`, and the number of forward passes of any GPT until it is there. */
export async function withPasses<T>(
  work: () => T,
): Promise<{ result: Awaited<T>; passes: number }> {
  let passes = 0;
  // The original each time: work that never ended may have left its own wrapper here.
  GPT.prototype.forward = function(...values) {
    passes += 1;
    return forward.apply(this, values);
  };
  try {
    const result = await work();
    return { result, passes };
  } finally {
    GPT.prototype.forward = forward;
  }
}

/** The input is `{ args }`, the arguments; other names in it are for the judge. */
export const countPasses: Observer = async (answer, input, notes) => {
  const { args } = input as unknown as { args: PlainData[] };
  const before = encode(args);
  const { result, passes } = await withPasses(() => asFunction(answer)(...args));
  notes.changedInput = encode(toPlain(args)) !== before;
  return { result: toPlain(result), passes };
};
