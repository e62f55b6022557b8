/**
 * How a long computation notices that the reader interrupted its cell.
 *
 * The course's kernel runs every cell inside an AsyncLocalStorage that holds the cell's
 * AbortSignal, and puts that storage on `process` under a well-known symbol. All code that a cell
 * starts runs inside that storage, across every `await`: once the cell is interrupted, its next
 * call into the library throws, so no loop of that cell keeps running. Plain Node has no such
 * storage; only a signal that the caller passes is checked there.
 */
import { type Cell, CELL_STORAGE } from './kernel-symbols';
import { platform } from './platform';

/** The part of an AsyncLocalStorage that is used. */
interface CellStorage {
  getStore(): Cell | undefined;
}

/** The signal of the cell whose code is running; undefined outside the course's kernel. */
function cellSignal(): AbortSignal | undefined {
  const storage = Reflect.get(platform.host, CELL_STORAGE) as CellStorage | undefined;
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
 * Waits one turn of the event loop, so that an interrupt, a timer or a display is handled between
 * two steps of a long loop; then throws like {@link throwIfInterrupted}. A loop that awaits only
 * resolved promises would never be interrupted.
 */
export async function breathe(signal?: AbortSignal): Promise<void> {
  await platform.nextTurn();
  throwIfInterrupted(signal);
}

/** Numbers that are made between two breaths: about a tenth of a second. */
const PART = 2 ** 20;

/** Fills `values` with what `next` returns, in order, and breathes in between. Returns `values`. */
export async function fillInParts(
  values: Float32Array,
  next: () => number,
): Promise<Float32Array> {
  for (let at = 0; at < values.length; at += PART) {
    if (at > 0) await breathe();
    values.set(values.subarray(at, at + PART).map(next), at);
  }
  return values;
}
