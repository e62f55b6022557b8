/** Runs notebooks in a new kernel, by nbclient in the course's Python environment. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { PARAMS_VARIABLE } from '../../base/params';
import { isRunning } from '../../base/write-file';
import { KERNEL_NAME } from '../setup/jupyter-kernel.mjs';
import { cache, jupyterEnvironment, pythonOf, root } from '../setup/paths.mjs';
import { clean } from './clean';
import { type Notebook, readNotebook } from './notebook';

/** What execute.py prints after each cell. */
export interface CellProgress {
  notebook: string;
  cell?: string;
  done?: number;
  cells?: number;
  error?: string;
}

export interface ExecuteOptions {
  /** Other values for the notebooks' parameters; those of the environment do not count. */
  params?: Record<string, unknown>;
  onProgress?: (progress: CellProgress) => void;
  /** Its abort ends the run, and with it the kernel. */
  signal?: AbortSignal;
}

/** A cell failed. */
export class FailedRun extends Error {
  /**
   * @param message names the notebook, the cell and the error
   * @param notebooks those that were run, with the outputs so far
   */
  constructor(message: string, readonly notebooks: readonly Notebook[]) {
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

/**
 * Makes a new folder in the repository's `.cache/`, and removes those of this name that killed
 * processes have left.
 */
export function scratch(name: string): string {
  mkdirSync(cache, { recursive: true });
  for (const other of readdirSync(cache)) {
    const [, owner, pid] = /^(.+)-(\d+)-\w{6}$/.exec(other) ?? [];
    if (owner === name && !isRunning(Number(pid)))
      rmSync(join(cache, other), { recursive: true, force: true, maxRetries: 5 });
  }
  return mkdtempSync(join(cache, `${name}-${process.pid}-`));
}

/**
 * Runs each notebook from its first cell in a new kernel and returns cleaned copies, without still
 * pictures.
 * @throws FailedRun that names the cell and holds the copies, if one fails
 */
export async function execute(
  files: readonly string[],
  options: ExecuteOptions = {},
): Promise<Notebook[]> {
  if (files.length === 0) return [];
  const folder = scratch('execute');
  try {
    const failures = await drive(files, folder, options);
    const copies = files.map((file) => clean(readNotebook(join(folder, basename(file)))));
    if (failures.length > 0) throw new FailedRun(failures.join('\n'), copies);
    return copies;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs execute.py, and returns a line for each cell that failed. */
async function drive(
  files: readonly string[],
  folder: string,
  { params, onProgress, signal }: ExecuteOptions,
): Promise<string[]> {
  const env = jupyterEnvironment(join(folder, 'jupyter'));
  env['COURSE_COMPARE'] = 'off';
  env[PARAMS_VARIABLE] = params ? JSON.stringify(params) : ''; // empty counts as none
  const program = join(__dirname, 'execute.py');
  const args = [program, '--kernel', KERNEL_NAME, '--save-into', folder, ...files];
  const driver = spawn(python(), args, { cwd: root, env, ...(signal && { signal }) });
  let log = '';
  driver.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve, reject) =>
    driver.on('error', reject).on('close', resolve)
  );
  ended.catch(() => undefined); // an abort comes while lines are still read

  const failures: string[] = [];
  let last: CellProgress | undefined;
  for await (const line of createInterface({ input: driver.stdout })) {
    const progress = JSON.parse(line) as CellProgress;
    if (progress.error !== undefined)
      failures.push(`${progress.notebook}, cell ${last?.cell}: ${progress.error}`);
    last = progress;
    onProgress?.(progress);
  }
  const status = await ended;
  if (status !== 0) {
    const reason = log.trim().split('\n').pop() ?? '';
    throw new Error(`execute.py stopped after cell ${last?.cell ?? '(none)'}: ${reason}`);
  }
  return failures;
}
