/** Threads that help with the kernels' tiles, and never outlive the process or keep it alive. */
import { Worker } from 'node:worker_threads';

export interface WorkerPool {
  /** Ends the threads. */
  end(): Promise<void>;
}

/** All that a worker does; its life is the loop in assembly/threads.ts. */
const PROGRAM = `
  const { workerData: { module, memory, control, thread } } = require('node:worker_threads');
  const { attach, work } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  attach(control, thread);
  work();
`;

/**
 * Starts `count` workers. A failure is said once, on stdout, and work goes on without the worker.
 */
export function startWorkers(module: WebAssembly.Module, memory: WebAssembly.Memory,
  control: number, count: number): WorkerPool
{
  const workers: Worker[] = [];
  let said = false;
  const failed = (error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error);
    if (!said) console.log(`A second thread could not start (${reason}); the kernels run on one.`);
    said = true;
  };
  try {
    for (let thread = 1; thread <= count; thread++) {
      // Without the environment, output and execArgv of the parent: a notebook's hooks must not run
      // in there.
      const workerData = { module, memory, control, thread };
      const worker = new Worker(PROGRAM, { eval: true, workerData, execArgv: [], env: {} });
      worker.on('error', failed);
      worker.unref();
      workers.push(worker);
    }
  } catch (error) {
    failed(error);
  }
  const end = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  return { end };
}
