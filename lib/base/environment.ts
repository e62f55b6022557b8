/**
 * The environment variables that choose how tensors are computed. Each is read when it is needed,
 * not when the file is imported.
 */
import { platform } from './platform';

const read = (name: string): string | undefined => platform.setting(name);

/** `COURSE_BACKEND=cpu`: plain JavaScript instead of WebAssembly. */
export const wantsPlainJavaScript = (): boolean => read('COURSE_BACKEND') === 'cpu';

/** `COURSE_KERNELS=stock`: TensorFlow.js's own kernels instead of the course's. */
export const wantsStockKernels = (): boolean => read('COURSE_KERNELS') === 'stock';

/** `COURSE_FMA=1`: fused multiply-add, which is faster and may change the last digits. */
export const wantsFusedMultiplyAdd = (): boolean => read('COURSE_FMA') === '1';

/**
 * The names of those that are set and change what is computed: numbers made so are not those of the
 * course.
 */
export const foreignSettings = (): string[] =>
  ['COURSE_BACKEND', 'COURSE_KERNELS', 'COURSE_FMA'].filter(read);

/** `COURSE_COMPARE=off`: a program runs the notebook; `compare` and `predict` keep nothing. */
export const wantsNothingKept = (): boolean => read('COURSE_COMPARE') === 'off';

/**
 * `COURSE_THREADS=2`: the number of threads for the kernels. Undefined if it is not an integer of
 * at least 1.
 */
export function wantedThreads(): number | undefined {
  const count = Number(read('COURSE_THREADS'));
  return Number.isInteger(count) && count >= 1 ? count : undefined;
}
