/**
 * The main thread's side of interrupt-thread.cjs: it starts the thread that receives Ctrl-C and
 * notices the end of the parent process.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { BELL, LOADING, MAY_LISTEN, QUESTION, RAISED, REGION,
  SHIELDED } from './interrupt-thread.cjs';
import { flag, poll } from './running-cell';

/** Wakes the thread, which then reads what has changed. */
function ring(): void {
  Atomics.add(flag, BELL, 1);
  Atomics.notify(flag, BELL);
}

/** How long the thread may take to get ready for a script that a signal can end. */
const SHIELD_MILLISECONDS = 1000;

let regions = 0;

/**
 * Returns `code` for a `breakOnSigint` script: a signal first reaches the thread, and ends the
 * script only if it goes on for long after that.
 */
export function shielded<T>(code: () => T): () => T {
  return () => {
    regions += 1;
    Atomics.store(flag, REGION, regions);
    ring();
    const until = performance.now() + SHIELD_MILLISECONDS;
    for (let at = 0; at !== regions && performance.now() < until;) {
      at = Atomics.load(flag, SHIELDED);
      if (at !== regions) Atomics.wait(flag, SHIELDED, at, SHIELD_MILLISECONDS);
    }
    return code();
  };
}

/** To be called outside the script, after its end. */
export function unshield(): void {
  Atomics.store(flag, REGION, 0);
  Atomics.notify(flag, REGION);
}

/** Loads a module, which an interrupt may end between two files but not within one. */
export function loading<T>(load: () => T): T {
  Atomics.add(flag, LOADING, 1);
  try {
    return load();
  } finally {
    Atomics.sub(flag, LOADING, 1);
  }
}

/** Whether the script was ended while it loaded a module: no `finally` block runs then. */
export const loadingWasCutOff = (): boolean => Atomics.load(flag, LOADING) > 0;

/**
 * Starts the thread. Resolves, once the thread is about to listen, to a function that drops the
 * interrupts sent so far. That function waits for an answer of the thread, so that an interrupt
 * which has not arrived yet does not end a cell that starts later. `orphaned` is called when the
 * program that started the kernel has ended.
 */
export async function listenForInterrupts(orphaned: () => void): Promise<() => Promise<void>> {
  const ignore = (): void => undefined;
  // until the thread listens, a signal is ignored instead of ending the kernel
  process.on('SIGINT', ignore);
  const worker = new Worker(path.join(__dirname, 'interrupt-thread.cjs'), { workerData: flag });
  worker.unref();
  let answer: (question: number) => void = ignore;
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.on('message', (message: 'ready' | 'interrupt' | 'orphaned' | number) => {
      if (message === 'ready') resolve();
      else if (message === 'interrupt') poll();
      else if (message === 'orphaned') orphaned();
      else answer(message);
    });
  });
  process.off('SIGINT', ignore);
  Atomics.store(flag, MAY_LISTEN, 1);
  Atomics.notify(flag, MAY_LISTEN);

  return async () => {
    const question = Atomics.add(flag, QUESTION, 1) + 1;
    const answered = new Promise<void>((resolve) => {
      answer = (to) => {
        if (to === question) resolve();
      };
    });
    ring();
    await answered;
    Atomics.store(flag, RAISED, 0);
  };
}
