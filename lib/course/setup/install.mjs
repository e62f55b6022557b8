/** Installs whatever is missing, also after an interruption, a move of the folder or an update. */
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installKernelSpec } from './jupyter-kernel.mjs';
import { installPackages, packagesTrouble } from './npm-packages.mjs';
import { cache, root, venv } from './paths.mjs';
import { environmentTrouble, installEnvironment, pinsTrouble } from './python-environment.mjs';
import { step } from './steps.mjs';

/**
 * Installs the npm packages, the Python environment and the kernel spec. Prints nothing and uses no
 * network when all are there.
 * @param {{ thorough?: boolean }} [options] thorough: check every Python package, which takes a
 *   second
 * @throws {Trouble} with a sentence and a next step for the reader
 */
export async function install({ thorough = false } = {}) {
  const release = await lock();
  try {
    const packages = packagesTrouble();
    if (packages) await step(`Installing the npm packages (${packages})`, installPackages);
    const environment = environmentTrouble() ?? (thorough ? wrongPins() : undefined);
    if (environment) {
      const title = `Installing Python's packages (${environment.trouble})`;
      await step(title, (signal) => installEnvironment(environment.fromScratch, signal));
    }
    await installKernelSpec(root, venv);
  } finally {
    release();
  }
}

/** Finds what `environmentTrouble` does not check: packages of a different version. */
function wrongPins() {
  const trouble = pinsTrouble();
  return trouble && { trouble, fromScratch: true };
}

/**
 * Two installations in one folder would destroy each other. The holder touches the lock every 2 s;
 * a lock that was not touched for 20 s, or whose process is gone, is stale.
 * @returns {Promise<() => void>} releases it
 */
async function lock() {
  const file = join(cache, 'setup.lock');
  mkdirSync(cache, { recursive: true });
  for (let waited = 0; !take(file); waited += 1) {
    if (waited === 0)
      console.log('Another installation is running in this folder; waiting for it ...');
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  const touch = setInterval(() => utimesSync(file, new Date(), new Date()), 2000);
  return () => {
    clearInterval(touch);
    rmSync(file, { force: true });
  };
}

/** @param {string} file */
function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!abandoned(file)) return false;
    writeFileSync(file, String(process.pid));
    return true;
  }
}

/** @param {string} file */
function abandoned(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > 20_000) return true;
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH';
  }
}
