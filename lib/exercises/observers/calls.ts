/** Observers of plain values and of functions from plain data to plain data. */
import { NotAFunction, PromiseReturned } from '../failures';
import { encode, type PlainData, toPlain } from '../plain';
import type { Notes, Observer } from './index';

/** A function that takes anything. */
export type Fn = (...values: unknown[]) => unknown;

/** The answer as a function. @throws NotAFunction */
export function asFunction(answer: unknown): Fn {
  if (typeof answer !== 'function') throw new NotAFunction();
  return answer as Fn;
}

/** A result that must not be a promise. @throws PromiseReturned */
export function atOnce<T>(result: T): T {
  if (typeof (result as { then?: unknown } | null)?.then !== 'function') return result;
  void Promise.resolve(result).catch(() => undefined); // its end does not matter
  throw new PromiseReturned();
}

export const itself: Observer = (answer) => atOnce(answer);

/** The result of `answer(...args)` as plain data; `settle` sees it first. Notes a changed input. */
async function called(
  answer: unknown,
  args: readonly PlainData[],
  notes: Notes,
  settle: <T>(result: T) => T = (result) => result,
): Promise<PlainData> {
  return noting(args, notes, async () => toPlain(await settle(asFunction(answer)(...args))));
}

/** Runs `work` and notes whether it changed `args`. */
export async function noting<T>(
  args: readonly PlainData[],
  notes: Notes,
  work: () => T,
): Promise<Awaited<T>> {
  const before = encode(args);
  const result = await work();
  notes.changedInput = encode(toPlain(args)) !== before;
  return result;
}

export const call: Observer = (answer, input, notes) =>
  called(answer, input as PlainData[], notes, atOnce);

export const callAndWait: Observer = (answer, input, notes) =>
  called(answer, input as PlainData[], notes);
