/**
 * Runs the answer to an exercise under limits of time and memory, as a part of the running cell
 * that can be interrupted alone.
 *
 * The checks in the code of cells look at the limits, so that an answer ends at its next loop or
 * call, and an asynchronous one at its next `await`. Synchronous code without checks, of a package
 * for example, is ended by force a moment later.
 */
// The global ones end with the running cell, and this one ends before it.
import { clearInterval, setInterval } from 'node:timers';
import vm from 'node:vm';
import { ANSWERS_SYMBOL, type AnswerService, LimitReached,
  type Limits } from '../../base/kernel-symbols';
import { resetEngine } from './engine';
import { Cell, setWatch, storage } from './running-cell';

const CALL = Symbol.for('course.answer');
const caller = new vm.Script(`globalThis[Symbol.for('${CALL.description}')]()`);

/**
 * The limit of time is one of processor time, because a slow or busy machine must not fail an
 * answer. After this many times as long on the clock it ends too: waiting takes no processor time.
 */
const MOST_CLOCK = 3;

/** How often time and memory are measured. */
const MEASURE_MILLISECONDS = 10;

const inSeconds = (milliseconds: number): string => `${milliseconds / 1000} s`;
const inGigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;

const late = ({ milliseconds }: Limits): LimitReached =>
  new LimitReached('milliseconds', `it ran for longer than ${inSeconds(milliseconds)}`);

/** Processor time of this process in milliseconds. */
function used(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Interrupts `part` once it has used up its limits. */
function watchOver(part: Cell, limits: Limits): () => void {
  const start = process.memoryUsage.rss();
  const usedAtStart = used();
  const until = performance.now() + MOST_CLOCK * limits.milliseconds;
  let measured = 0;
  return () => {
    const now = performance.now();
    if (now - measured < MEASURE_MILLISECONDS) return;
    measured = now;
    if (now > until || used() - usedAtStart > limits.milliseconds) part.interrupt(late(limits));
    if (process.memoryUsage.rss() - start > limits.bytes) {
      const most = inGigabytes(limits.bytes);
      part.interrupt(new LimitReached('bytes', `it took more than ${most} of memory`));
    }
  };
}

/** Calls `work` inside `part`; only its synchronous code runs before this returns. */
function callWithin<T>(part: Cell, limits: Limits, work: () => T): T {
  Object.defineProperty(globalThis, CALL, { value: work, configurable: true });
  try {
    const timeout = MOST_CLOCK * limits.milliseconds;
    return storage.run(part, () => caller.runInThisContext({ timeout }) as T);
  } catch (reason) {
    if ((reason as { code?: unknown } | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw reason;
    resetEngine();
    part.interrupt(late(limits));
    throw part.interruption;
  } finally {
    Reflect.deleteProperty(globalThis, CALL);
  }
}

async function run<T>(limits: Limits, work: () => T): Promise<Awaited<T>> {
  const cell = storage.getStore();
  if (!cell) return await work();
  const part = new Cell(cell.count, cell.request);
  const stop = (): void => part.interrupt(cell.interruption);
  const stopped = new Promise<never>((_, reject) => {
    part.signal.addEventListener('abort', () => reject(part.interruption), { once: true });
  });
  stopped.catch(() => undefined);
  cell.signal.addEventListener('abort', stop, { once: true });
  const watch = watchOver(part, limits);
  const timer = setInterval(watch, MEASURE_MILLISECONDS);
  setWatch(watch);
  try {
    return await Promise.race([callWithin(part, limits, work), stopped]);
  } finally {
    setWatch(undefined);
    clearInterval(timer);
    cell.signal.removeEventListener('abort', stop);
    if (!part.interrupted) part.interrupt(); // what it left behind does not go on
  }
}

/** Offers the service to the library. */
export function offerAnswerService(isStale: (name: string) => boolean): void {
  const service: AnswerService = { run, isStale };
  Reflect.set(process, ANSWERS_SYMBOL, service);
}
