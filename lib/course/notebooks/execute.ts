/** Runs notebooks, each in a new kernel, by nbclient in the course's Python environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { basename, join, resolve as resolvePath } from 'node:path';
import { createInterface } from 'node:readline';
import { PARAMS_VARIABLE } from '../../base/params';
import { KERNEL_NAME } from '../setup/jupyter-kernel.mjs';
import { jupyterEnvironment, pythonOf, root } from '../setup/paths.mjs';
import { scratch } from '../setup/scratch';
import { clean } from './clean';
import { type Notebook, readNotebook } from './notebook';

/** A cell has ended: its id, how many have ended, and of how many. */
export interface CellProgress {
  cell: string;
  done: number;
  cells: number;
}

export interface ExecuteOptions {
  /** Other values for the notebook's parameters; those of the environment do not count. */
  params?: Record<string, unknown>;
  onProgress?: (progress: CellProgress) => void;
}

/** How much of the process's errors is kept, in characters: the last line tells. */
const LOG_LENGTH = 10_000;

/** A cell failed. */
export class FailedRun extends Error {
  /**
   * @param message names the notebook, the cell and the error
   * @param notebook what was run, with the outputs so far
   */
  constructor(message: string, readonly notebook: Notebook) {
    super(message);
  }
}

/** The Python of the course's environment. @throws Error if it is not installed */
function python(): string {
  const program = pythonOf();
  if (!existsSync(program))
    throw new Error('the Python environment .venv is not there: run "npm run setup"');
  return program;
}

/** What execute.py prints: an event of the notebook that was given with this `id`. */
interface Line extends Partial<CellProgress> {
  id: number;
  /** How the cell failed. */
  error?: string;
  /** The executed copy is written. */
  ended?: true;
  /** Why nothing was saved. */
  stopped?: string;
}

/** A notebook that runs. */
interface Run {
  onLine: (line: Line) => void;
  reject: (reason: Error) => void;
}

/**
 * A process that runs notebooks, as many at once as it is asked to. It starts with the first one,
 * and again after it was ended from outside.
 */
export class Executor {
  private readonly folder = scratch('execute');
  private readonly runs = new Map<number, Run>();
  private driver: ChildProcess | undefined;
  private started = 0;
  private isClosed = false;

  /**
   * Runs a notebook from its first cell in a new kernel and returns a cleaned copy, without still
   * pictures.
   * @throws FailedRun that names the cell and holds the copy, if a cell fails
   * @throws Error if the process ends, no copy can be made, or this was closed
   */
  async execute(file: string, { params, onProgress }: ExecuteOptions = {}): Promise<Notebook> {
    if (this.isClosed) throw new Error('the run was ended');
    const id = this.started++;
    const notebook = basename(file);
    const copy = join(this.folder, `${id}-${notebook}`);
    const env = { [PARAMS_VARIABLE]: params ? JSON.stringify(params) : '' }; // empty counts as none
    let failure: string | undefined;
    let last = '(none)';
    await new Promise<void>((resolve, reject) => {
      const onLine = ({ cell = '', done = 0, cells = 0, error, ended, stopped }: Line): void => {
        if (stopped !== undefined)
          reject(new Error(`${notebook} stopped after cell ${last}: ${stopped}`));
        else if (ended) resolve();
        else if (error !== undefined)
          failure = `${notebook}, cell ${cell || '(none)'}: ${error}`;
        else {
          last = cell;
          onProgress?.({ cell, done, cells });
        }
      };
      this.runs.set(id, { onLine, reject });
      const task = { id, notebook: resolvePath(file), copy, env };
      this.running().stdin!.write(`${JSON.stringify(task)}\n`);
    }).finally(() => this.runs.delete(id));
    const ran = clean(readNotebook(copy));
    rmSync(copy);
    if (failure !== undefined) throw new FailedRun(failure, ran);
    return ran;
  }

  /** Ends the process, and with it what runs: the kernels notice it within seconds. */
  close(): void {
    this.isClosed = true;
    this.driver?.kill();
    this.driver = undefined;
    this.rejectAll(new Error('the run was ended'));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private running(): ChildProcess {
    if (this.driver) return this.driver;
    const env = jupyterEnvironment(join(this.folder, 'jupyter'));
    env['COURSE_COMPARE'] = 'off';
    const args = [join(__dirname, 'execute.py'), KERNEL_NAME];
    const driver = spawn(python(), args, { cwd: root, env });
    this.driver = driver;
    let log = '';
    driver.stderr.on('data', (chunk: Buffer) => {
      log = `${log}${chunk.toString()}`.slice(-LOG_LENGTH);
    });
    createInterface({ input: driver.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as Line;
      this.runs.get(line.id)?.onLine(line);
    });
    driver.stdin.on('error', () => undefined); // 'close' tells why
    const ended = (reason: string): void => {
      if (this.driver !== driver) return; // closed
      this.driver = undefined;
      this.rejectAll(new Error(`execute.py ended: ${reason}`));
    };
    driver.on('error', ({ message }) => ended(message));
    driver.on(
      'close',
      (status, signal) => ended(signal ?? (log.trim().split('\n').pop() || `exit code ${status}`)),
    );
    return driver;
  }

  private rejectAll(reason: Error): void {
    for (const { reject } of this.runs.values()) reject(reason);
  }
}

/** Runs one notebook by an {@link Executor} of its own. */
export async function execute(file: string, options: ExecuteOptions = {}): Promise<Notebook> {
  const executor = new Executor();
  try {
    return await executor.execute(file, options);
  } finally {
    executor.close();
  }
}
