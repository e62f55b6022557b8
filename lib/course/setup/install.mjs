/** Installs whatever is missing, also after an interruption, a move of the folder or an update. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync,
  writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cellTrouble, installKernelSpec } from './jupyter-kernel.mjs';
import { installTemplate } from './nbconvert-template.mjs';
import { installPackages, packagesTrouble } from './npm-packages.mjs';
import { installTranslator } from './papermill-translator.mjs';
import { cache, root, venv } from './paths.mjs';
import { environmentTrouble, installEnvironment, pinsTrouble } from './python-environment.mjs';
import { Trouble } from './program.mjs';
import { step } from './steps.mjs';
import { writeTrouble } from './writable.mjs';

/**
 * Installs the npm packages, the Python environment, the kernel spec, the template of exported
 * pages and papermill's translator. Prints nothing and uses no network when all are there.
 * @param {{ thorough?: boolean }} [options] thorough: check every Python package and run a cell in
 *   the kernel, which takes some seconds
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
    installTemplate(venv);
    installTranslator(root, venv);
    if (thorough) await checkKernel();
  } finally {
    release();
  }
}

/**
 * Runs a cell. Only this finds a file that is missing inside a package; then all npm packages
 * are installed again.
 * @throws {Trouble} the kernel still runs no cell
 */
async function checkKernel() {
  let trouble = cellTrouble();
  if (trouble?.inPackages) {
    await step(`Installing the npm packages again (${trouble.finding})`, installPackages);
    trouble = cellTrouble();
  }
  if (!trouble) return;
  throw new Trouble(
    `Everything is installed, but ${trouble.finding}.`,
    'If you have changed files of lib, look there first; git status lists them.',
    trouble.details,
  );
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
  const trouble = writeTrouble();
  if (trouble) throw trouble;
  mkdirSync(cache, { recursive: true });
  for (let waited = 0; !take(file); waited += 1) {
    if (waited === 0)
      console.log('Another installation is running in this folder; waiting for it ...');
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  const touch = setInterval(() => {
    // The reader may have deleted .cache: nothing of the installation is in it.
    if (existsSync(file)) utimesSync(file, new Date(), new Date());
  }, 2000);
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
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
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
