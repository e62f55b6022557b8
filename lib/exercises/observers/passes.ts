/** Counts the forward passes that an answer takes (16.1, 16.2). */
import { encode, type PlainData, toPlain } from '../plain';
import { asFunction } from './calls';
import { countEveryPass } from './every-model';
import type { Observer } from './index';

/** The input is `{ args }`, the arguments; other names in it are for the judge. */
export const countPasses: Observer = async (answer, input, notes) => {
  const { args } = input as unknown as { args: PlainData[] };
  const before = encode(args);
  const { result, passes } = await countEveryPass(() => asFunction(answer)(...args));
  notes.changedInput = encode(toPlain(args)) !== before;
  return { result: toPlain(result), passes };
};
