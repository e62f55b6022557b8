/**
 * The running cell, and what can stop it.
 *
 * A cell's code runs inside an AsyncLocalStorage, so that whatever it started still belongs to it
 * after any `await`: its prints reach its own output, and once it is interrupted nothing of it goes
 * on. The converter puts three calls into the code of cells: {@link check} at the start of each
 * function and each round of a loop, {@link wait} around each `await`, and {@link thrown} around
 * what is thrown. Code without end is thereby interrupted wherever it spins; library code notices
 * through `throwIfInterrupted`; synchronous code of others through `breakOnSigint` (see cells.ts).
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { promisify, types } from 'node:util';
import { CELL_STORAGE } from '../../base/interrupt';
import type { Header } from './wire';

/** What an interrupted cell ends with. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  constructor() {
    super('the cell was interrupted; its variables keep the values they had');
  }
}

/** One execution of a cell. */
export class Cell {
  readonly name: string;
  readonly signal: AbortSignal;
  /** Rejections and errors of this cell that nobody awaited or caught. */
  readonly stray: unknown[] = [];
  ended = false;
  /**
   * Settles once code of this cell was held back after an interrupt: its library calls have cleaned
   * up by then.
   */
  readonly held: Promise<void>;
  private release: () => void = () => undefined;
  private readonly controller = new AbortController();

  constructor(readonly count: number, readonly request: Header) {
    this.name = `cell [${count}]`;
    this.signal = this.controller.signal;
    this.held = new Promise((resolve) => {
      this.release = resolve;
    });
    // `signal.aborted` is right even before the event loop turns: it looks at the flag that the
    // watcher sets.
    const read = (): boolean => {
      poll();
      return this.controllerAborted();
    };
    Object.defineProperty(this.signal, 'aborted', { get: read });
    Object.defineProperty(this.signal, 'throwIfAborted', { value: () => {
      if (read()) throw this.signal.reason;
    } });
  }

  private controllerAborted(): boolean {
    return this.signal.reason !== undefined;
  }

  interrupt(): void {
    if (this.controllerAborted()) return;
    interruptions += 1;
    this.controller.abort(new Interrupted());
  }

  get interrupted(): boolean {
    return this.signal.aborted;
  }

  /** The code of this cell that asks goes no further, for good. */
  hold(): Promise<never> {
    this.release();
    return new Promise(() => undefined);
  }
}

export const storage = new AsyncLocalStorage<Cell>();
Reflect.set(process, CELL_STORAGE, storage);

/**
 * Shared with the thread that hears SIGINT. [0]: one has come that nobody looked at yet; [1]: it
 * may listen; [2]: the number of the last question whether it has heard all.
 */
export const flag = new Int32Array(new SharedArrayBuffer(12));

let running: Cell | undefined;
export const runningCell = (): Cell | undefined => running;
export function setRunning(cell: Cell | undefined): void {
  running = cell;
}

/** Interrupts the running cell if an interrupt has come. */
export function poll(): void {
  if (Atomics.load(flag, 0) !== 0 && Atomics.exchange(flag, 0, 0) !== 0) running?.interrupt();
}

/**
 * How many cells were interrupted so far: while it is 0, `check` need not ask which cell it is in.
 */
let interruptions = 0;

const turn = promisify(setImmediate);
let lastTurn = 0;

/**
 * Called at the start of each function and each round of a loop in a cell: throws once the cell is
 * interrupted.
 */
export function check(): void {
  if (Atomics.load(flag, 0) !== 0) poll();
  if (interruptions === 0) return;
  const cell = storage.getStore() ?? running;
  if (cell?.signal.reason !== undefined) throw cell.signal.reason;
}

/**
 * Stands around each awaited value of a cell. Lets the event loop turn every 20 ms, so that a loop
 * which awaits only resolved promises cannot starve prints and interrupts; an interrupted cell
 * waits here for ever.
 */
export async function wait<T>(value: T): Promise<Awaited<T>> {
  try {
    return await value;
  } finally {
    const cell = storage.getStore();
    if (performance.now() - lastTurn > 20) {
      await turn();
      lastTurn = performance.now();
    }
    if (cell?.interrupted) await cell.hold();
  }
}

let lastThrown: { value: unknown; trace: Error } | undefined;

/**
 * Stands around what a cell throws: remembers where, because a thrown string or number cannot say
 * it itself.
 */
export function thrown<T>(value: T): T {
  if (!types.isNativeError(value)) lastThrown = { value, trace: new Error('thrown here') };
  return value;
}

/** Where `value` was thrown by a cell, if it was the last thing thrown that is not an Error. */
export function traceOf(value: unknown): Error | undefined {
  return lastThrown && Object.is(lastThrown.value, value) ? lastThrown.trace : undefined;
}
