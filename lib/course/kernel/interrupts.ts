/**
 * The main thread's side of interrupt-thread.cjs: it starts the thread that receives Ctrl-C and
 * notices the end of the parent process.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { MAY_LISTEN, QUESTION, RAISED } from './interrupt-thread.cjs';
import { flag, poll } from './running-cell';

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
    Atomics.notify(flag, QUESTION);
    await answered;
    Atomics.store(flag, RAISED, 0);
  };
}
