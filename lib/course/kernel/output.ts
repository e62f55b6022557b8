/**
 * Where the text and the displays of cells go: to the cell that wrote them, as long as it is not
 * interrupted.
 *
 * Text is gathered for a moment and sent as one message: 20,000 lines of one tick are a few
 * messages.
 */
import { StringDecoder } from 'node:string_decoder';
import type { DisplayData } from './display';
import { type Cell, runningCell, storage } from './context';
import type { Header, Wire } from './wire';

type Stream = 'stdout' | 'stderr';

/** Text waits at most this long, and at most this much of it, before it is sent. */
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
   * The cell whose code is writing: the one it was started from, else the one that runs, else the
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

  /** Sends the text that still waits; called before anything else is said about a cell. */
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
      // bytes, from a pipe say, may end in the middle of a character
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
