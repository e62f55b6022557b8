/**
 * The running cell, and what can stop it.
 *
 * A cell's code runs inside an AsyncLocalStorage, so that everything it started still belongs to it
 * after any `await`: its prints reach its own output, and after an interrupt none of it goes on.
 * The converter puts three calls into the code of cells: {@link check} at the start of each
 * function and each round of a loop, {@link wait} around each `await`, and {@link thrown} around
 * what is thrown. So an endless loop of a cell is interrupted by these calls, library code by
 * `throwIfInterrupted`, and synchronous code of packages by `breakOnSigint` (see cells.ts).
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { promisify, types } from 'node:util';
import { CELL_STORAGE } from '../../base/kernel-symbols';
import { RAISED, SIZE } from './interrupt-thread.cjs';
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
  /** What it ends with if it is interrupted. */
  readonly interruption = new Interrupted();
  /** Rejections and errors of this cell that no code awaited or caught. */
  readonly stray: unknown[] = [];
  ended = false;
  /**
   * Settles once code of this cell is suspended after an interrupt: its library calls have cleaned
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
    // `signal.aborted` is right even before the event loop turns: it reads the flag that the
    // interrupt thread sets.
    const aborted = (): boolean => {
      poll();
      return this.signal.reason !== undefined;
    };
    Object.defineProperty(this.signal, 'aborted', { get: aborted });
    Object.defineProperty(this.signal, 'throwIfAborted', { value: () => {
      if (aborted()) throw this.interruption;
    } });
  }

  interrupt(): void {
    if (this.signal.reason !== undefined) return;
    interruptions += 1;
    this.controller.abort(this.interruption);
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

/** Shared with the thread that receives SIGINT; the places are those of interrupt-thread.cjs. */
export const flag = new Int32Array(new SharedArrayBuffer(4 * SIZE));

let running: Cell | undefined;
export const runningCell = (): Cell | undefined => running;
export function setRunning(cell: Cell | undefined): void {
  running = cell;
}

/** Interrupts the running cell if an interrupt has come. */
export function poll(): void {
  if (Atomics.load(flag, RAISED) !== 0 && Atomics.exchange(flag, RAISED, 0) !== 0)
    running?.interrupt();
}

/** How many cells were interrupted so far: while it is 0, `check` need not look up its cell. */
let interruptions = 0;

const turn = promisify(setImmediate);
let lastTurn = 0;

/**
 * Called at the start of each function and each round of a loop in a cell: throws once the cell is
 * interrupted.
 */
export function check(): void {
  if (Atomics.load(flag, RAISED) !== 0) poll();
  if (interruptions === 0) return;
  const cell = storage.getStore() ?? running;
  if (cell?.signal.reason !== undefined) throw cell.interruption;
}

/**
 * Called around each awaited value of a cell. Lets the event loop turn every 20 ms, so that a loop
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

/** Called around what a cell throws: records where, because a thrown string has no trace. */
export function thrown<T>(value: T): T {
  if (!types.isNativeError(value)) lastThrown = { value, trace: new Error('thrown here') };
  return value;
}

/** Where `value` was thrown by a cell, if it was the last thing thrown that is not an Error. */
export function traceOf(value: unknown): Error | undefined {
  return lastThrown && Object.is(lastThrown.value, value) ? lastThrown.trace : undefined;
}
