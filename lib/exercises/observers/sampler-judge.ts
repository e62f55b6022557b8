/** Gives an answer a sampler that may have a bug (16.7). */
import { type Fault, samplerWith } from '../suspect-samplers';
import { asFunction, atOnce } from './calls';
import type { Observer } from './index';

/** What the answer says of a sampler with this fault. */
export const judgeSampler: Observer = (answer, input) => {
  const { fault, isOther } = input as unknown as { fault: Fault; isOther: boolean };
  return atOnce(asFunction(answer)(samplerWith(fault, isOther)));
};
