/**
 * A real JupyterLab for the browser test: its own folders, its own token, nothing of the reader's.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jupyterIn, python } from '../../lib/course/notebooks/execute';

/** A running server. `url` ends in a slash. */
export interface Lab {
  url: string;
  token: string;
  stop(): Promise<void>;
}

/**
 * Starts JupyterLab on loopback over `folder`, with `settings` as a user's own (`theme` and the
 * like), and waits until it answers. @throws Error with the end of its log, if it does not within a
 * minute
 */
export async function startLab(
  folder: string,
  own: string,
  settings: Record<string, object> = {},
): Promise<Lab> {
  const token = randomBytes(24).toString('hex');
  const env = { ...jupyterIn(own), JUPYTER_TOKEN: token };
  const runtime = join(own, 'runtime');
  mkdirSync(runtime, { recursive: true, mode: 0o700 });
  for (const [plugin, values] of Object.entries(settings)) {
    const [extension = '', name = ''] = plugin.split(':');
    mkdirSync(join(own, 'settings', extension), { recursive: true });
    writeFileSync(
      join(own, 'settings', extension, `${name}.jupyterlab-settings`),
      JSON.stringify(values),
    );
  }
  const root = process.getuid?.() === 0 ? ['--allow-root'] : [];
  const child = spawn(python(), [
    '-m',
    'jupyterlab',
    '--no-browser',
    ...root,
    '--ServerApp.ip=127.0.0.1',
    '--ServerApp.port=0',
    `--ServerApp.root_dir=${folder}`,
    '--LabApp.extension_manager=readonly',
  ], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      log += chunk.toString();
    });
  }

  for (
    const end = Date.now() + 60_000;
    Date.now() < end && child.exitCode === null;
    await pause(100)
  ) {
    const url = addressIn(runtime, token);
    if (url && await answers(`${url}api/status?token=${token}`)) {
      return { url, token, stop: () => stop(child, url, token) };
    }
  }
  child.kill('SIGKILL');
  throw new Error(`JupyterLab did not start: ${log.slice(-2000)}`);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

async function answers(url: string, method = 'GET'): Promise<boolean> {
  return fetch(url, { method }).then(({ ok }) => ok, () => false);
}

/** The server leaves its address, with the port that it found free, in its runtime folder. */
function addressIn(runtime: string, token: string): string | undefined {
  for (const name of readdirSync(runtime).filter((file) => /^jpserver-\d+\.json$/.test(file))) {
    try {
      const info = JSON.parse(readFileSync(join(runtime, name), 'utf8')) as {
        url: string;
        token: string;
      };
      if (info.token === token) return info.url;
    } catch {
      // Half written: the next look reads it whole.
    }
  }
  return undefined;
}

/** Asks it to end its kernels and itself; ends it if it does not within ten seconds. */
async function stop(child: ChildProcess, url: string, token: string): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  if (child.exitCode !== null) return;
  await answers(`${url}api/shutdown?token=${token}`, 'POST');
  await Promise.race([gone, pause(10_000)]);
  if (child.exitCode === null) child.kill('SIGKILL');
}
