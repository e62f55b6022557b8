/**
 * The running cell, and what can stop it.
 *
 * A cell's code runs inside an AsyncLocalStorage, so that everything it started still belongs to it
 * after any `await`: its text goes to its own output, and after an interrupt none of it continues.
 * The converter puts three calls into the code of cells: {@link check} at the start of each
 * function and each round of a loop, {@link wait} around each `await`, and {@link thrown} around
 * what is thrown. These calls interrupt an endless loop of a cell; `throwIfInterrupted` interrupts
 * library code, and `breakOnSigint` synchronous code of packages (see cells.ts).
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';
import { promisify, types } from 'node:util';
import { CELL_STORAGE } from '../../base/kernel-symbols';
import { RAISED, SIZE } from './interrupt-thread.cjs';
import type { Header } from './wire';

/** The error of an interrupted cell. */
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
  /** The error that it ends with if it is interrupted. */
  interruption: Error = new Interrupted();
  /** Rejections and errors of this cell that no code awaited or caught. */
  readonly stray: unknown[] = [];
  ended = false;
  /**
   * Resolves once code of this cell is suspended after an interrupt. By then its library calls have
   * cleaned up.
   */
  readonly held: Promise<void>;
  private release: () => void = () => undefined;
  private readonly controller = new AbortController();

  constructor(readonly count: number, readonly request: Header) {
    this.name = `cell [${count}]`;
    this.signal = this.controller.signal;
    setMaxListeners(0, this.signal); // one for each interval that the cell starts
    this.held = new Promise((resolve) => {
      this.release = resolve;
    });
    // `signal.aborted` is up to date even before the event loop turns, because it reads the flag
    // that the interrupt thread sets.
    const aborted = (): boolean => {
      poll();
      watch?.();
      return this.signal.reason !== undefined;
    };
    Object.defineProperty(this.signal, 'aborted', { get: aborted });
    Object.defineProperty(this.signal, 'throwIfAborted', { value: () => {
      if (aborted()) throw this.interruption;
    } });
  }

  interrupt(reason = this.interruption): void {
    if (this.signal.reason !== undefined) return;
    interruptions += 1;
    this.interruption = reason;
    this.controller.abort(reason);
  }

  /** @throws Interrupted once the cell is interrupted */
  throwIfInterrupted(): void {
    if (this.interrupted) throw this.interruption;
  }

  get interrupted(): boolean {
    return this.signal.aborted;
  }

  /** Suspends the calling code of this cell for ever. */
  hold(): Promise<never> {
    this.release();
    return new Promise(() => undefined);
  }
}

export const storage = new AsyncLocalStorage<Cell>();
Reflect.set(process, CELL_STORAGE, storage);

/** Shared with the thread that receives SIGINT; interrupt-thread.cjs defines the indices. */
export const flag = new Int32Array(new SharedArrayBuffer(4 * SIZE));

let running: Cell | undefined;
export const runningCell = (): Cell | undefined => running;
export function setRunning(cell: Cell | undefined): void {
  running = cell;
}

/** Called at every check while an answer runs under limits (limits.ts). */
let watch: (() => void) | undefined;
export function setWatch(now: (() => void) | undefined): void {
  watch = now;
}

/** Interrupts the running cell if an interrupt has come. */
export function poll(): void {
  if (Atomics.load(flag, RAISED) !== 0 && Atomics.exchange(flag, RAISED, 0) !== 0)
    running?.interrupt();
}

/**
 * How many cells were interrupted so far. While it is 0, `check` does not have to look up its cell.
 */
let interruptions = 0;

const turn = promisify(setImmediate);
let lastTurn = 0;

/**
 * Called at the start of each function and each round of a loop in a cell: throws once the cell is
 * interrupted.
 */
export function check(): void {
  if (Atomics.load(flag, RAISED) !== 0) poll();
  watch?.();
  if (interruptions === 0) return;
  const cell = storage.getStore() ?? running;
  if (cell?.signal.reason !== undefined) throw cell.interruption;
}

/**
 * Called around each awaited value of a cell. Lets the event loop turn every 20 ms, so that a loop
 * which awaits only resolved promises does not block output and interrupts. An interrupted cell
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
 * Called around each value that a cell throws: records where it was thrown, because a string, for
 * example, has no trace.
 */
export function thrown<T>(value: T): T {
  if (!types.isNativeError(value)) lastThrown = { value, trace: new Error('thrown here') };
  return value;
}

/** Where `value` was thrown by a cell, if it was the last thing thrown that is not an Error. */
export function traceOf(value: unknown): Error | undefined {
  return lastThrown && Object.is(lastThrown.value, value) ? lastThrown.trace : undefined;
}
