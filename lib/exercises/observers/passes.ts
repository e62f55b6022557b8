/** Counts the forward passes that an answer takes (16.1, 16.2). */
import { onEveryPass } from '../../experiments/watch-passes';
import { type PlainData, toPlain } from '../plain';
import { asFunction, noting } from './calls';
import type { Observer } from './index';

/** The input is `{ args }`, the arguments; other names in it are for the judge. */
export const countPasses: Observer = async (answer, input, notes) => {
  const { args } = input as unknown as { args: PlainData[] };
  let passes = 0;
  const stop = onEveryPass(() => {
    passes += 1;
  });
  try {
    const result = await noting(args, notes, () => asFunction(answer)(...args));
    return { result: toPlain(result), passes };
  } finally {
    stop();
  }
};
