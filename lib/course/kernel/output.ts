/**
 * Sends the text and the displays of a cell to its own output, unless the cell was interrupted.
 *
 * Text is collected for a moment and sent as one message, so that 20,000 lines of one tick become a
 * few messages.
 */
import { StringDecoder } from 'node:string_decoder';
import { inspect, type InspectOptions } from 'node:util';
import type { DisplayData } from './display';
import { type Cell, runningCell, storage } from './running-cell';
import type { Header, Wire } from './wire';

type Stream = 'stdout' | 'stderr';

/**
 * Text is sent at the next turn of the event loop, and before that once the last message is this
 * old or this much text has been collected.
 */
const MILLISECONDS = 15;
const CHARACTERS = 1 << 18;

const later = setImmediate;

export class Output {
  private parts: string[] = [];
  private size = 0;
  private to: { name: Stream; request: Header } | undefined;
  private lastSent = 0;
  private scheduled = false;
  private last: Cell | undefined;

  constructor(private readonly wire: Wire) {}

  /**
   * The cell whose code is writing: the one that started the code, else the running one, else the
   * last one.
   */
  private writer(): Cell | undefined {
    const cell = storage.getStore() ?? runningCell() ?? this.last;
    this.last = runningCell() ?? this.last;
    return cell;
  }

  write(name: Stream, text: string): void {
    const cell = this.writer();
    if (text === '' || !cell || cell.interrupted) return;
    if (this.to && (this.to.name !== name || this.to.request !== cell.request)) this.flush();
    this.to = { name, request: cell.request };
    this.parts.push(text);
    this.size += text.length;
    if (this.size > CHARACTERS || performance.now() - this.lastSent > MILLISECONDS) this.flush();
    else if (!this.scheduled) {
      this.scheduled = true;
      later(() => {
        this.scheduled = false;
        this.flush();
      });
    }
  }

  /** Sends the pending text; called before any other message about a cell. */
  flush(): void {
    if (!this.to) return;
    const { name, request } = this.to;
    const text = this.parts.join('');
    this.parts = [];
    this.size = 0;
    this.to = undefined;
    this.wire.publish('stream', { name, text }, request);
    this.lastSent = performance.now();
  }

  display(type: 'display_data' | 'update_display_data', content: DisplayData): void {
    const cell = this.writer();
    if (!cell || cell.interrupted) return;
    this.flush();
    this.wire.publish(type, { ...content }, cell.request);
  }

  /** From now on `process.stdout` and `process.stderr` write into the notebook. */
  capture(): void {
    for (const name of ['stdout', 'stderr'] as const) {
      // bytes, from a pipe for example, may end in the middle of a character
      const decoder = new StringDecoder('utf8');
      process[name].write = (text: string | Uint8Array, ...rest: unknown[]): boolean => {
        this.write(name, typeof text === 'string' ? text : decoder.write(Buffer.from(text)));
        const done = rest.find((value) => typeof value === 'function') as (() => void) | undefined;
        if (done) process.nextTick(done);
        return true;
      };
    }
  }
}

/**
 * From now on `console.log` of a promise shows only its state and value. AsyncLocalStorage ties
 * properties to each promise, which Node would print.
 */
export function showPromisesPlainly(): void {
  function plainly(this: Promise<unknown>, _depth: number, options: InspectOptions): string {
    for (const name of Object.getOwnPropertySymbols(this)) {
      if (
        !/^(kResourceStore|async_id_symbol|trigger_async_id_symbol)$/.test(name.description ?? '')
      ) continue;
      // Node still finds it, but no longer prints it
      Reflect.defineProperty(this, name, { enumerable: false });
    }
    return inspect(this, { ...options, customInspect: false });
  }
  Reflect.defineProperty(Promise.prototype, inspect.custom, { value: plainly, configurable: true,
    writable: true });
}
