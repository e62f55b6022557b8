/**
 * JupyterHub's proxy, an npm package: in `.cache/hub-proxy`, from the lock file in `proxy/`, so
 * that the course's own packages stay as they are for who needs no hub.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { npmCommand } from '../setup/npm-packages.mjs';
import { cache, root } from '../setup/paths.mjs';
import { runLogged, step } from '../setup/steps.mjs';

const pins = join(root, 'lib', 'course', 'hub', 'proxy');
const folder = join(cache, 'hub-proxy');
/** npm writes this file when it has finished. */
const finished = join(folder, 'node_modules', '.package-lock.json');

/** Whether what is installed comes from the present lock file. */
function isThere() {
  const copy = join(folder, 'package-lock.json');
  return existsSync(finished) && existsSync(copy)
    && readFileSync(copy, 'utf8') === readFileSync(join(pins, 'package-lock.json'), 'utf8');
}

/**
 * Installs the proxy unless it is there.
 * @throws {import('../setup/program.mjs').Trouble} npm failed
 */
export async function installProxy() {
  if (isThere()) return;
  mkdirSync(folder, { recursive: true });
  rmSync(finished, { force: true });
  for (const name of ['package.json', 'package-lock.json'])
    copyFileSync(join(pins, name), join(folder, name));
  const { command, args, shell } = npmCommand();
  await step(
    "Installing JupyterHub's proxy (configurable-http-proxy)",
    (signal) =>
      runLogged(
        'npm-hub-proxy',
        command,
        [...args, 'ci', '--no-audit', '--no-fund', '--no-progress', '--ignore-scripts'],
        { signal, cwd: folder, shell, env: process.env },
      ),
  );
}
