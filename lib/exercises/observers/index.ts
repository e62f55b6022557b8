/**
 * The ways to observe an answer, by name. Each takes the answer and one input and returns what it
 * measured; observe.ts limits it and turns the result into plain data.
 */
import type { Plain } from '../plain';
import { batch } from './batch';
import { call, callAndWait, value } from './calls';

/** What an observer may note beside the value it returns. */
export interface Notes {
  changedInput: boolean;
}

/** Gets its own copy of the input. May return a promise. */
export type Observer = (answer: unknown, input: Plain, notes: Notes) => unknown;

/** The ways to observe an answer. */
export const observers = {
  /** The answer is a value; the input says nothing. */
  value,
  /** The answer is a function, the input its arguments; the result is a value at once. */
  call,
  /** As `call`, but the result may be a promise. */
  callAndWait,
  /** The answer makes a batch of rows; see batch.ts. */
  batch,
} satisfies Record<string, Observer>;

export type ObserverName = keyof typeof observers;
