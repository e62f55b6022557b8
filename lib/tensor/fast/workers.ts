/** Threads that help with the kernels' tiles, and never outlive the process or keep it alive. */
import { Worker } from 'node:worker_threads';

export interface Workers {
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
 * Starts `count` workers. One that fails is reported through `say`, once, and work goes on without
 * it.
 */
export function startWorkers(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  control: number,
  count: number,
  say: (text: string) => void,
): Workers {
  const workers: Worker[] = [];
  let said = false;
  const failed = (error: Error): void => {
    if (!said) say(`A second thread could not start (${error.message}); the kernels run on one.`);
    said = true;
  };
  try {
    for (let thread = 1; thread <= count; thread++) {
      // No environment, no output and no execArgv of the parent: a notebook's hooks have no
      // business in there.
      const worker = new Worker(PROGRAM, { eval: true,
        workerData: { module, memory, control, thread }, execArgv: [], env: {} });
      worker.on('error', failed);
      worker.unref();
      workers.push(worker);
    }
  } catch (error) {
    failed(error as Error);
  }
  return { end: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))) };
}
