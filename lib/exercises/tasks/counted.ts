/** What exercises share whose answers take a limited number of forward passes. */
import { equal, inWords, type PlainData } from '../plain';

/** The input of the observer `countPasses`; `most`: passes, where the case asks for a limit. */
export interface CountedInput {
  readonly args: readonly PlainData[];
  readonly most?: number;
}

/** What the observer `countPasses` returns. */
export interface Counted {
  readonly result: PlainData;
  readonly passes: number;
}

/** Whether the results are equal, with `tolerance`, and no more passes were taken than allowed. */
export const agreesWithin =
  (tolerance?: number) => (came: PlainData, wanted: PlainData, input: PlainData) => {
    const [mine, right] = [came, wanted] as unknown as [Counted, Counted];
    const { most = Infinity } = input as unknown as CountedInput;
    return equal(mine.result, right.result, tolerance) && mine.passes <= most;
  };

/** Whether the results are equal and both or neither take more than one pass. */
export const resemblesWithin = (tolerance?: number) => (came: PlainData, other: PlainData) => {
  const [mine, known] = [came, other] as unknown as [Counted, Counted];
  return equal(mine.result, known.result, tolerance) && (mine.passes > 1) === (known.passes > 1);
};

/** Such as "8 after 1 pass". */
export function countedInWords(came: PlainData): string {
  const { result, passes } = came as unknown as Counted;
  return `${inWords(result)} after ${passes} ${passes === 1 ? 'pass' : 'passes'}`;
}
