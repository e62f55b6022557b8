/** What exercises share whose answers take a limited number of forward passes. */
import { equal, inWords, type Plain } from '../plain';

/** The input of the observer `countPasses`; `most`: passes, where the case asks for a limit. */
export interface CountedInput {
  readonly args: readonly Plain[];
  readonly most?: number;
}

/** What the observer `countPasses` returns. */
export interface Counted {
  readonly result: Plain;
  readonly passes: number;
}

/** Whether the results are equal, with `tolerance`, and no more passes were taken than allowed. */
export const agreesWithin = (tolerance?: number) => (came: Plain, wanted: Plain, input: Plain) => {
  const [mine, right] = [came, wanted] as unknown as [Counted, Counted];
  const { most = Infinity } = input as unknown as CountedInput;
  return equal(mine.result, right.result, tolerance) && mine.passes <= most;
};

/** Whether the results are equal and both or neither take more than one pass. */
export const resemblesWithin = (tolerance?: number) => (came: Plain, other: Plain) => {
  const [mine, known] = [came, other] as unknown as [Counted, Counted];
  return equal(mine.result, known.result, tolerance) && (mine.passes > 1) === (known.passes > 1);
};

/** Such as "8 after 1 pass". */
export function countedInWords(came: Plain): string {
  const { result, passes } = came as unknown as Counted;
  return `${inWords(result)} after ${passes} ${passes === 1 ? 'pass' : 'passes'}`;
}
