/**
 * Answers the requests of Jupyter's clients: cells run one after the other, all other requests are
 * answered at once.
 */
import type tsType from '@tslab/typescript-for-tslab';
import type { Cells } from './cells';
import { TSLAB_VERSION } from './converter';
import { type Failure, failureOf } from './failure';
import type { Output } from './output';
import { Cell, runningCell, storage } from './running-cell';
import type { Content, Request, Wire } from './wire';

type Channel = 'shell' | 'control';

interface Services {
  readonly wire: Wire;
  readonly output: Output;
  readonly cells: Cells;
  readonly isComplete: (code: string) => { completed: boolean; indent?: string };
  readonly describe: (info: tsType.QuickInfo) => string;
  /** The version of the TypeScript that compiles cells. */
  readonly typescript: string;
  /** Drops the interrupts that were sent so far. */
  readonly forgetInterrupts: () => Promise<void>;
  readonly exit: () => void;
}

export class Server {
  private readonly queue: Request[] = [];
  private busy = false;
  private count = 0;
  /** Failures after the end of their cell: reported in the next one. */
  private late: Failure[] = [];

  constructor(private readonly services: Services) {}

  /** Answers a request, or puts it into the queue. */
  receive(request: Request, channel: Channel): void {
    if (request.header.msg_type === 'execute_request') {
      this.queue.push(request);
      if (!this.busy) void this.drain();
      return;
    }
    this.status('busy', request);
    try {
      const answer = this.answer(request);
      if (answer) {
        const type = request.header.msg_type.replace(/_request$/, '_reply');
        this.services.wire.reply(request, channel, type, answer);
      }
    } finally {
      this.status('idle', request);
      const cell = runningCell();
      if (cell) this.services.wire.publish('status', { execution_state: 'busy' }, cell.request);
    }
    if (request.header.msg_type === 'shutdown_request') this.services.exit();
  }

  /** Does `work` now if no cell has run yet. */
  whenIdle(work: () => void): void {
    if (this.count === 0 && !this.busy) work();
  }

  /** Records an error that no code awaited or caught. */
  stray(reason: unknown): void {
    const cell = storage.getStore() ?? runningCell();
    if (cell?.interrupted) return;
    if (cell && !cell.ended) {
      cell.stray.push(reason);
      return;
    }
    const { ename, evalue, traceback: [first = '', ...rest] } = failureOf(
      reason,
      cell?.name ?? 'an earlier cell',
    );
    const where = `not awaited in ${cell?.name ?? 'an earlier cell'}`;
    this.late.push({ ename, evalue: `${where}: ${evalue}`,
      traceback: [`${first}\n    (${where})`, ...rest] });
    const now = runningCell();
    if (now) this.reportLate(now);
  }

  private reportLate(cell: Cell): void {
    this.services.output.flush();
    for (const late of this.late.splice(0))
      this.services.wire.publish('error', { ...late }, cell.request);
  }

  private status(state: 'busy' | 'idle', { header }: Request): void {
    this.services.output.flush();
    this.services.wire.publish('status', { execution_state: state }, header);
  }

  private async drain(): Promise<void> {
    this.busy = true;
    await this.services.forgetInterrupts(); // they were sent while no cell was running
    for (let request = this.queue.shift(); request; request = this.queue.shift()) {
      this.status('busy', request);
      const aborted = await this.execute(request);
      this.status('idle', request);
      for (const each of aborted) this.abort(each);
    }
    this.busy = false;
  }

  /** Runs one cell and replies; returns the queued requests that must not run because it failed. */
  private async execute(request: Request): Promise<Request[]> {
    const { wire, output, cells } = this.services;
    const { code, silent, store_history: stored = true } = request.content as {
      code: string;
      silent?: boolean;
      store_history?: boolean;
    };
    if (!silent && stored) this.count += 1;
    const count = { execution_count: this.count };
    if (!silent) wire.publish('execute_input', { code, ...count }, request.header);
    const cell = new Cell(this.count, request.header);
    this.reportLate(cell);
    // A failure inside the kernel, in the converter for example, is reported like one of the cell.
    const failed = await cells.run(code, cell).catch((error: unknown) =>
      failureOf(error, `cell [${this.count}]`)
    );
    output.flush();
    // This comes before the failure is reported, because a cell that the client sends after the
    // report must run.
    const aborted = failed && request.content.stop_on_error !== false
      ? await this.takeQueued()
      : [];
    if (failed) {
      wire.publish('error', { ...failed }, request.header);
      wire.reply(request, 'shell', 'execute_reply', { status: 'error', ...count, ...failed });
    } else {
      wire.reply(request, 'shell', 'execute_reply', { status: 'ok', ...count, user_expressions: {},
        payload: [] });
    }
    return aborted;
  }

  /**
   * Empties the queue, after reading the requests that arrived while a cell blocked the event loop.
   */
  private async takeQueued(): Promise<Request[]> {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    return this.queue.splice(0);
  }

  private abort(request: Request): void {
    this.status('busy', request);
    const reply = { status: 'aborted', execution_count: this.count };
    this.services.wire.reply(request, 'shell', 'execute_reply', reply);
    this.status('idle', request);
  }

  private answer({ header, content }: Request): Content | undefined {
    const { cells, isComplete, describe, typescript } = this.services;
    const { code = '', cursor_pos: cursor = 0 } = content as { code?: string; cursor_pos?: number };
    switch (header.msg_type) {
      case 'kernel_info_request':
        return kernelInfo(typescript);
      case 'is_complete_request': {
        const { completed, indent = '' } = isComplete(code);
        return completed ? { status: 'complete' } : { status: 'incomplete', indent };
      }
      case 'complete_request': {
        const { start, end, candidates } = cells.complete(code, utf16(code, cursor));
        const [cursor_start, cursor_end] = [codePoints(code, start), codePoints(code, end)];
        // Jupyter's form for more than a name; its clients know none but this "experimental" one
        const types = [...cells.parametersAt(code, start)].flatMap(([text, signature]) =>
          candidates.includes(text)
            ? [{ text, type: 'parameter', signature, start: cursor_start, end: cursor_end }]
            : []
        );
        const metadata = types.length > 0 ? { _jupyter_types_experimental: types } : {};
        return { status: 'ok', matches: candidates, metadata, cursor_start, cursor_end };
      }
      case 'inspect_request': {
        const info = cells.inspect(code, utf16(code, cursor));
        const data = info ? { 'text/plain': describe(info) } : {};
        return { status: 'ok', found: info !== undefined, data, metadata: {} };
      }
      case 'history_request':
        return { status: 'ok', history: [] };
      case 'comm_info_request':
        return { status: 'ok', comms: {} };
      case 'interrupt_request':
        runningCell()?.interrupt();
        return { status: 'ok' };
      case 'shutdown_request':
        return { status: 'ok', restart: content.restart === true };
      default:
        return undefined; // such as comm_open: the kernel has no comms
    }
  }
}

/** Jupyter counts code points, JavaScript UTF-16 units. */
const utf16 = (text: string, points: number): number =>
  Array.from(text).slice(0, points).join('').length;
const codePoints = (text: string, units: number): number => Array.from(text.slice(0, units)).length;

function kernelInfo(typescript: string): Content {
  return {
    status: 'ok',
    protocol_version: '5.3',
    implementation: 'tslab',
    implementation_version: TSLAB_VERSION,
    banner: `TypeScript in Node ${process.version}, with the course's kernel`,
    help_links: [],
    language_info: {
      name: 'typescript',
      version: typescript,
      mimetype: 'text/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      nbconvert_exporter: 'script',
      codemirror_mode: { mode: 'typescript', name: 'javascript', typescript: true },
    },
  };
}
