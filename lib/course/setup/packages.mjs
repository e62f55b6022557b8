/** The npm packages: are they as package-lock.json says, and installing them. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { root } from './places.mjs';
import { runLogged } from './steps.mjs';

/** @typedef {{ version: string, optional?: boolean, link?: boolean }} Locked */

/**
 * npm writes node_modules/.package-lock.json when it has finished, so without it an installation
 * was interrupted.
 * @returns {string | undefined} what is wrong with node_modules, as the end of a sentence
 */
export function packagesTrouble() {
  const modules = join(root, 'node_modules');
  if (!existsSync(modules)) return 'the npm packages are not installed';
  if (!existsSync(join(modules, '.package-lock.json')))
    return 'the installation of the npm packages was interrupted';
  /** @type {Record<string, Locked>} */
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const wrong = Object.keys(locked).filter((path) => path && !installed(path, locked[path]));
  if (wrong.length === 0) return undefined;
  const others = wrong.length > 1 ? ` and ${wrong.length - 1} more` : '';
  const first = wrong[0].replace(/^.*node_modules\//, '');
  return `the folder node_modules differs from package-lock.json in ${first}${others}`;
}

/**
 * An optional package that is absent belongs to another system.
 * @param {string} path as in the lock file
 * @param {Locked} expected
 */
function installed(path, expected) {
  const file = join(root, path, 'package.json');
  if (!existsSync(file)) return Boolean(expected.optional);
  try {
    return JSON.parse(readFileSync(file, 'utf8')).version === expected.version;
  } catch {
    return false; // cut off, as by a machine that lost its power
  }
}

/**
 * Installs exactly what package-lock.json says, development packages included: the kernel needs
 * some of them.
 * @param {AbortSignal} signal ends it
 * @throws {Trouble} npm failed
 */
export async function installPackages(signal) {
  rmSync(join(root, 'node_modules', '.package-lock.json'), { force: true });
  const npm = npmCommand();
  const options = [
    'ci',
    '--include=dev',
    '--no-audit',
    '--no-fund',
    '--no-progress',
    '--loglevel=notice',
  ];
  const shell = npm[0] === 'npm' && process.platform === 'win32';
  await runLogged('npm', [...npm, ...options], { signal, cwd: root, shell });
}

/** npm as its script where we find it: that needs no shell, on Windows neither. */
export function npmCommand() {
  const node = dirname(process.execPath);
  const scripts = [
    process.env.npm_execpath ?? '',
    join(node, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(node, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const script = scripts.find((path) => basename(path) === 'npm-cli.js' && existsSync(path));
  return script ? [process.execPath, script] : ['npm'];
}
