/**
 * How long work learns that the reader pressed "interrupt".
 *
 * The course's kernel runs every cell inside an AsyncLocalStorage that holds the cell's
 * AbortSignal, and leaves that storage on `process` under a well-known symbol. Whatever a cell
 * started stays inside it, across every `await`: once the cell is interrupted, the next call into
 * the library throws, so no loop goes on behind the reader's back. In plain Node there is no such
 * storage and only a signal that the caller passes counts.
 */
import type { AsyncLocalStorage } from 'node:async_hooks';
import { CELL, type Cell } from './kernel';

/** The signal of the cell whose code is running; undefined outside the course's kernel. */
function cellSignal(): AbortSignal | undefined {
  const storage = Reflect.get(process, CELL) as AsyncLocalStorage<Cell> | undefined;
  return storage?.getStore()?.signal;
}

/**
 * Throws the reason of the abort (an `AbortError`) if `signal` or the running cell was interrupted.
 */
export function throwIfInterrupted(signal?: AbortSignal): void {
  signal?.throwIfAborted();
  cellSignal()?.throwIfAborted();
}

/**
 * One turn of the event loop, so that an interrupt, a timer or a display can get in between two
 * steps of a long loop; then throws like {@link throwIfInterrupted}. A loop that awaits only
 * resolved promises would never be interrupted.
 */
export async function breathe(signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  throwIfInterrupted(signal);
}
