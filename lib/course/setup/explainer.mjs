/** The explainer as a child process of `npm start`: see `site/beside.ts`. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { logs, root } from './paths.mjs';
import { ServerProcess } from './server-process.mjs';

/** How much its build gives way to the notebooks, from −20 to 19. */
const BEHIND = 10;

export class ExplainerProcess extends ServerProcess {
  /**
   * Starts it. What it says is printed; a trouble with it is said, and ends nothing else.
   * @returns {ExplainerProcess}
   */
  static start() {
    mkdirSync(logs, { recursive: true });
    const path = join(logs, 'explainer.log');
    const log = openSync(path, 'w');
    const hook = createRequire(import.meta.url).resolve('tsx/cjs');
    const program = join(root, 'lib', 'course', 'site', 'beside.ts');
    const child = spawn(process.execPath, ['--require', hook, program], {
      cwd: root,
      stdio: ['pipe', 'pipe', log],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    closeSync(log);
    child.stdout?.on('data', (text) => process.stdout.write(text));
    child.stdin?.on('error', () => undefined); // it has ended already
    try {
      if (child.pid !== undefined) setPriority(child.pid, BEHIND);
    } catch {
      // It has ended, or this system does not allow it.
    }
    return new ExplainerProcess(child, path);
  }

  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {string} log path of its log
   */
  constructor(child, log) {
    super(child, log);
    this.isStopped = false;
    void this.exit.then((code) => {
      if (code !== 0 && !this.isStopped)
        console.log('The explainer is not there: npm run explainer says why.');
    });
  }

  /** Ends it, and what it has started. */
  async stop() {
    this.isStopped = true;
    this.kill('SIGTERM');
    if (!(await this.endsWithin(5000))) this.kill('SIGKILL');
  }
}
