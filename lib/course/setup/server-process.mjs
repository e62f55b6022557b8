/** What JupyterLab and JupyterHub have in common as child processes: a log, and an orderly end. */
import { readFileSync } from 'node:fs';

const windows = process.platform === 'win32';
const parent = process.ppid;

/** Waits, without keeping this process alive: only the child does that. @param {number} ms */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref());

/**
 * A server, started with `detached` where there are process groups: Ctrl-C in the terminal then
 * reaches only this process, which ends the server in order.
 */
export class ServerProcess {
  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {string} log path of its log
   */
  constructor(child, log) {
    this.child = child;
    this.log = log;
    /** @type {Promise<number | string>} its exit code, its signal, or why it did not start */
    this.exit = new Promise((resolve) => {
      child.on('error', (error) => resolve(error.message));
      child.on('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    });
  }

  /** Whether it ends within so many milliseconds. @param {number} ms */
  endsWithin(ms) {
    return Promise.race([this.exit.then(() => true), pause(ms).then(() => false)]);
  }

  /**
   * Waits for its end. The first of `signals` calls `close`, each later one `again`.
   * @param {readonly NodeJS.Signals[]} signals
   * @param {() => void} close
   * @param {() => void} [again]
   * @returns {Promise<{ code: number | string, asked: boolean }>} asked: whether it was to end
   */
  async ended(signals, close, again = () => undefined) {
    let asked = false;
    const ask = () => {
      if (asked) return again();
      asked = true;
      close();
    };
    signals.forEach((signal) => process.on(signal, ask));
    // npm passes SIGTERM to a shell that does not pass it on. The only sign of it is a new parent.
    const orphaned = () => process.ppid !== parent && !asked && ask();
    const watch = process.env['npm_lifecycle_event'] ? setInterval(orphaned, 500) : undefined;
    const code = await this.exit;
    clearInterval(watch);
    return { code, asked };
  }

  /**
   * @param {NodeJS.Signals} signal
   * @param {{ group: boolean }} [to] group: also to what it has started, where there are groups
   */
  kill(signal, { group } = { group: true }) {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      process.kill(group && !windows ? -pid : pid, signal);
    } catch {
      // It has ended already.
    }
  }

  /** The last lines of its log; none if it cannot be read. */
  lastLines() {
    try {
      return readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
    } catch {
      return '';
    }
  }
}
