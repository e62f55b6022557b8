/** Threads that help with the kernels' tiles, and never outlive the process or keep it alive. */
import { platform } from '../../base/platform';
import type { Thread } from '../../base/platform/contract';

export interface WorkerPool {
  /** Ends the threads. */
  end(): Promise<void>;
}

/** Imports of the kernels in the main thread: {@link PROGRAM} has those of a worker. */
export function kernelImports(memory: WebAssembly.Memory): WebAssembly.Imports {
  const sleep = (at: number, value: number, milliseconds: number): void => {
    platform.sleep(new Int32Array(memory.buffer), at >>> 2, value, milliseconds);
  };
  const fail = (): never => {
    throw new Error('a second thread stopped inside this computation, which has no result');
  };
  return { env: { memory }, threads: { sleep, fail } };
}

/** The program of a worker; `work` is the loop in assembly/threads.ts. */
const PROGRAM = `
  const { module, memory, control, thread } = data;
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
  const workers: Thread[] = [];
  let said = false;
  const failed = (what: string, error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error);
    if (!said) console.log(`A second thread ${what} (${reason}); the kernels go on without it.`);
    said = true;
  };
  try {
    for (let thread = 1; thread <= count; thread++) {
      const data = { module, memory, control, thread };
      workers.push(platform.startThread(PROGRAM, data, (error) => failed('stopped', error)));
    }
  } catch (error) {
    failed('could not start', error);
  }
  const end = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.end()));
  };
  return { end };
}
