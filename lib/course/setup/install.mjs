/** Installs what is missing, whatever was left behind by an interruption, a move or an update. */
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentTrouble, installEnvironment, pinsTrouble } from './environment.mjs';
import { installPackages, packagesTrouble } from './packages.mjs';
import { cache, root, venv } from './places.mjs';
import { step } from './steps.mjs';
import { installKernelSpec } from './kernelspec.mjs';

/**
 * npm packages, Python environment, kernel spec. Says nothing and asks no network when all is
 * there.
 * @param {{ thorough?: boolean }} [options] thorough: look at every Python package, which takes a
 *   second
 * @throws {Trouble} with the sentence and the next step for the reader
 */
export async function install({ thorough = false } = {}) {
  const release = await lock();
  try {
    const packages = packagesTrouble();
    if (packages) await step(`Installing the npm packages (${packages})`, installPackages);
    const pins = () => (thorough ? pinsTrouble() : undefined);
    const environment = environmentTrouble() ?? (pins() && { trouble: pins(), anew: true });
    if (environment) {
      const title = `Installing Python's packages (${environment.trouble})`;
      await step(title, (signal) => installEnvironment(environment.anew, signal));
    }
    await installKernelSpec(root, venv);
  } finally {
    release();
  }
}

/**
 * Two installations in one folder would destroy each other. The holder touches the lock every 2 s;
 * one that is not touched for 20 s, or whose process is gone, was left behind.
 * @returns {Promise<() => void>} releases it
 */
async function lock() {
  const file = join(cache, 'setup.lock');
  mkdirSync(cache, { recursive: true });
  for (let waited = 0; !take(file); waited += 1) {
    if (waited === 0)
      console.log('Another installation is at work in this folder; waiting for it ...');
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
