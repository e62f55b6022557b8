/** Threads that help with the kernels' tiles, and never outlive the process or keep it alive. */
import { Worker } from 'node:worker_threads';

export interface WorkerPool {
  /** Ends the threads. */
  end(): Promise<void>;
}

/** Imports of the kernels in the main thread: {@link PROGRAM} has those of a worker. */
export function kernelImports(memory: WebAssembly.Memory): WebAssembly.Imports {
  const sleep = (at: number, value: number, milliseconds: number): void => {
    Atomics.wait(new Int32Array(memory.buffer), at >>> 2, value, milliseconds);
  };
  const fail = (): never => {
    throw new Error('a second thread stopped inside this computation, which has no result');
  };
  return { env: { memory }, threads: { sleep, fail } };
}

/** The whole program of a worker; `work` is the loop in assembly/threads.ts. */
const PROGRAM = `
  const { workerData: { module, memory, control, thread } } = require('node:worker_threads');
  const sleep = (at, value, milliseconds) => {
    Atomics.wait(new Int32Array(memory.buffer), at >>> 2, value, milliseconds);
  };
  const fail = () => undefined; // only the main thread waits for others
  const imports = { env: { memory }, threads: { sleep, fail } };
  const { attach, work, leave } = new WebAssembly.Instance(module, imports).exports;
  attach(control, thread);
  try {
    work();
  } catch (error) {
    leave();
    throw error;
  }
`;

/**
 * Starts `count` workers. A failure is reported once, on stdout; the kernels then run without that
 * worker.
 */
export function startWorkers(module: WebAssembly.Module, memory: WebAssembly.Memory,
  control: number, count: number): WorkerPool
{
  const workers: Worker[] = [];
  let said = false;
  const failed = (what: string, error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error);
    if (!said) console.log(`A second thread ${what} (${reason}); the kernels go on without it.`);
    said = true;
  };
  try {
    for (let thread = 1; thread <= count; thread++) {
      // Without the environment and execArgv of the parent, so that a notebook's hooks do not run
      // in it.
      const workerData = { module, memory, control, thread };
      const worker = new Worker(PROGRAM, { eval: true, workerData, execArgv: [], env: {} });
      worker.on('error', (error) => failed('stopped', error));
      worker.unref();
      workers.push(worker);
    }
  } catch (error) {
    failed('could not start', error);
  }
  const end = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  return { end };
}
