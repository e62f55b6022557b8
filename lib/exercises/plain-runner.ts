/** Limits of time in plain Node, outside the course's kernel: for tests and for the judge. */
import vm from 'node:vm';
import { LimitReached, type Limits } from '../base/kernel-symbols';

const CALL = Symbol.for('course.plain-answer');
const caller = new vm.Script(`globalThis[Symbol.for('${CALL.description}')]()`);

/**
 * Runs `work`, whose synchronous code is ended by force after the time; the memory is not limited.
 * @throws LimitReached; what the code throws
 */
export async function runPlainly<T>(limits: Limits, work: () => T): Promise<Awaited<T>> {
  const late = new LimitReached(
    'milliseconds',
    `it ran for longer than ${limits.milliseconds / 1000} s`,
  );
  Reflect.set(globalThis, CALL, work);
  let timer: NodeJS.Timeout | undefined;
  const stopped = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late), limits.milliseconds);
  });
  stopped.catch(() => undefined);
  try {
    const result = caller.runInThisContext({ timeout: limits.milliseconds }) as T;
    return await Promise.race([result, stopped]);
  } catch (reason) {
    if ((reason as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw late;
    throw reason;
  } finally {
    clearTimeout(timer);
    Reflect.deleteProperty(globalThis, CALL);
  }
}
