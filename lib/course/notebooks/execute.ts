/** Running notebooks from a clean kernel, by nbclient in the course's Python environment. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { PARAMS_VARIABLE } from '../../base/params';
import { clean } from './clean';
import { type Notebook, readNotebook, root } from './notebook';

/** What the driver says after each cell. */
export interface Progress {
  notebook: string;
  cell?: string;
  done?: number;
  cells?: number;
  error?: string;
}

export interface ExecuteOptions {
  /** Other values for the notebooks' parameters. */
  params?: Record<string, unknown>;
  onProgress?: (progress: Progress) => void;
}

/** The Python of the course's environment. @throws Error if it is not installed */
export function python(): string {
  const windows = process.platform === 'win32';
  const program = join(root, '.venv', ...(windows ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  if (!existsSync(program))
    throw new Error('the Python environment .venv is not there: run "npm run setup"');
  return program;
}

/**
 * Environment of a Jupyter program whose settings, runtime files and histories all lie in `folder`.
 */
export function jupyterIn(folder: string): NodeJS.ProcessEnv {
  const at = (name: string): string => join(folder, name);
  return {
    ...process.env,
    JUPYTER_CONFIG_DIR: at('config'),
    JUPYTER_DATA_DIR: at('data'),
    JUPYTER_RUNTIME_DIR: at('runtime'),
    JUPYTERLAB_SETTINGS_DIR: at('settings'),
    JUPYTERLAB_WORKSPACES_DIR: at('workspaces'),
    IPYTHONDIR: at('ipython'),
    JUPYTER_PREFER_ENV_PATH: '1',
    PYTHONUTF8: '1',
  };
}

/** Makes a new folder in the repository's `.cache/`. */
export function scratch(name: string): string {
  const cache = join(root, '.cache');
  mkdirSync(cache, { recursive: true });
  return mkdtempSync(join(cache, `${name}-`));
}

/**
 * Runs each notebook from its first cell in a new kernel and gives the cleaned copies back, without
 * still pictures.
 * @throws Error that names the cell, if one fails
 */
export async function execute(
  files: readonly string[],
  options: ExecuteOptions = {},
): Promise<Notebook[]> {
  if (files.length === 0) return [];
  const folder = scratch('execute');
  try {
    await drive(files, folder, options);
    return files.map((file) => clean(readNotebook(join(folder, basename(file)))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function drive(
  files: readonly string[],
  folder: string,
  { params, onProgress }: ExecuteOptions,
): Promise<void> {
  const env = jupyterIn(join(folder, 'jupyter'));
  if (params) env[PARAMS_VARIABLE] = JSON.stringify(params);
  const driver = spawn(python(), [join(__dirname, 'execute.py'), '--save-into', folder, ...files], {
    cwd: root,
    env,
  });
  let said = '';
  driver.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve, reject) =>
    driver.on('error', reject).on('close', resolve)
  );

  const failures: string[] = [];
  let last: Progress | undefined;
  for await (const line of createInterface({ input: driver.stdout })) {
    const progress = JSON.parse(line) as Progress;
    if (progress.error !== undefined)
      failures.push(`${progress.notebook}, cell ${last?.cell}: ${progress.error}`);
    last = progress;
    onProgress?.(progress);
  }
  const status = await ended;
  if (failures.length > 0) throw new Error(failures.join('\n'));
  if (status !== 0) {
    const reason = said.trim().split('\n').pop() ?? '';
    throw new Error(
      `the notebooks' driver stopped after cell ${last?.cell ?? '(none)'}: ${reason}`,
    );
  }
}
