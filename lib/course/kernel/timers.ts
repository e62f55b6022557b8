/**
 * The timers for cells: Node's, except that callbacks of an interrupted cell are not called.
 *
 * Library code keeps Node's own timers: its promises may resolve after an interrupt, so that its
 * next call of `throwIfInterrupted` throws and its `finally` blocks clean up. Only its intervals
 * are stopped.
 */
import { promisify } from 'node:util';
import { storage } from './running-cell';

type Callback = (...values: never[]) => void;

/** `callback`, which does nothing once the cell that passes it is interrupted. */
function whileRunning<F extends Callback>(callback: F): F {
  const cell = storage.getStore();
  // A cell that disables type checks may pass anything: Node's timer then throws.
  if (!cell || typeof callback !== 'function') return callback;
  return ((...values: Parameters<F>) => {
    if (!cell.interrupted) callback(...values);
  }) as F;
}

/** A timer function whose callbacks stop with their cell; `promisify` treats it like Node's own. */
function bound<F extends (callback: never, ...rest: never[]) => unknown>(timer: F): F {
  const stopping = (callback: Callback, ...rest: never[]): unknown =>
    timer(whileRunning(callback) as never, ...rest);
  const wrapped = stopping as unknown as F;
  const promised: unknown = Reflect.get(timer, promisify.custom);
  if (promised) Object.defineProperty(wrapped, promisify.custom, { value: promised });
  return wrapped;
}

export const cellTimers = {
  setTimeout: bound(setTimeout),
  setImmediate: bound(setImmediate),
  setInterval: bound(setInterval),
  queueMicrotask: bound(queueMicrotask),
};

/** From now on an interval of the library ends when the cell that started it is interrupted. */
export function endIntervalsWithTheirCell(): void {
  const start = globalThis.setInterval;
  globalThis.setInterval = Object.assign(
    ((...values: Parameters<typeof start>) => {
      const timer = start(...values);
      storage.getStore()?.signal.addEventListener('abort', () => clearInterval(timer), {
        once: true,
      });
      return timer;
    }) as typeof start,
    start,
  );
}
