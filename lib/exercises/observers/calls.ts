/** Observers of plain values and of functions from plain data to plain data. */
import { NotAFunction, PromiseReturned } from '../failures';
import { encode, type Plain, toPlain } from '../plain';
import type { Observer } from './index';

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

export const value: Observer = (answer) => atOnce(answer);

export const call: Observer = (answer, input, notes) => {
  const values = input as Plain[];
  const before = encode(values);
  const result = toPlain(atOnce(asFunction(answer)(...values)));
  notes.changedInput = encode(toPlain(values)) !== before;
  return result;
};

export const callAndWait: Observer = async (answer, input, notes) => {
  const values = input as Plain[];
  const before = encode(values);
  const result = toPlain(await asFunction(answer)(...values));
  notes.changedInput = encode(toPlain(values)) !== before;
  return result;
};
