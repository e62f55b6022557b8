/**
 * Promises as a cell prints them: AsyncLocalStorage ties properties to each promise, which Node
 * would print.
 */
import { inspect, type InspectOptions } from 'node:util';

/** From now on `console.log` of a promise shows its state and value only. */
export function showPromisesPlainly(): void {
  function plainly(this: Promise<unknown>, _depth: number, options: InspectOptions): string {
    for (const name of Object.getOwnPropertySymbols(this)) {
      if (
        !/^(kResourceStore|async_id_symbol|trigger_async_id_symbol)$/.test(name.description ?? '')
      ) continue;
      // still there for Node, no longer printed
      Object.defineProperty(this, name, { enumerable: false });
    }
    return inspect(this, { ...options, customInspect: false });
  }
  Object.defineProperty(Promise.prototype, inspect.custom, { value: plainly, configurable: true,
    writable: true });
}
