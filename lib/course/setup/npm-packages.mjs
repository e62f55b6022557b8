/** The npm packages: comparing them with package-lock.json, and installing them. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { cache, root } from './paths.mjs';
import { runLogged, Unreachable } from './steps.mjs';
import { isWritable } from './writable.mjs';

/** @typedef {{ version: string, optional?: boolean, link?: boolean }} Locked */

const modules = join(root, 'node_modules');
/** npm writes this file when it has finished: without it an installation was interrupted. */
const finishedFile = join(modules, '.package-lock.json');

/** @returns {string | undefined} what is wrong with node_modules, as the end of a sentence */
export function packagesTrouble() {
  if (!existsSync(modules)) return 'the npm packages are not installed';
  if (!existsSync(finishedFile)) return 'the installation of the npm packages was interrupted';
  /** @type {Record<string, Locked>} */
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const [first, ...others] = Object.entries(locked)
    .filter(([path, expected]) => path && !installed(path, expected))
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
  if (first === undefined) return undefined;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return `the folder node_modules differs from package-lock.json in ${first}${more}`;
}

/**
 * Whether a package has the expected version. An optional package that is absent is for a different
 * system.
 * @param {string} path as in the lock file
 * @param {Locked} expected
 */
function installed(path, expected) {
  const file = join(root, path, 'package.json');
  if (!existsSync(file)) return Boolean(expected.optional);
  try {
    return JSON.parse(readFileSync(file, 'utf8')).version === expected.version;
  } catch {
    return false; // half written, for example because of a power failure
  }
}

/**
 * Installs exactly the packages of package-lock.json, including development packages, because the
 * kernel needs some of them.
 * @param {AbortSignal} signal ends it
 * @throws {Trouble} npm failed
 */
export async function installPackages(signal) {
  rmSync(finishedFile, { force: true });
  const { command, args, shell } = npmCommand();
  const options = [
    'ci',
    '--include=dev',
    '--no-audit',
    '--no-fund',
    '--no-progress',
    '--loglevel=notice',
  ];
  const settings = { signal, cwd: root, shell, env: npmEnvironment() };
  const online = await answers((rest) => runLogged('npm', command, [...args, ...rest], settings));
  if (!online) options.push('--offline');
  await runLogged('npm', command, [...args, ...options], settings);
}

/**
 * Whether the registry can be reached. One that has no answer to a ping can.
 * @param {(args: string[]) => Promise<void>} npm
 */
async function answers(npm) {
  try {
    await npm(['ping', '--fetch-retries=0', '--fetch-timeout=10000']);
  } catch (error) {
    return !(error instanceof Unreachable);
  }
  return true;
}

/**
 * npm's environment: a lost connection is tried again within seconds (npm's own waits add up to
 * minutes), and its cache is in `.cache` where the usual one cannot be written.
 * @returns {NodeJS.ProcessEnv}
 */
function npmEnvironment() {
  const usual = process.env['npm_config_cache'] ?? join(homedir(), '.npm');
  return {
    npm_config_fetch_retry_mintimeout: '1000',
    npm_config_fetch_retry_maxtimeout: '5000',
    ...process.env,
    npm_config_cache: isWritable(usual) ? usual : join(cache, 'npm'),
  };
}

/**
 * How to run npm: by its script if that is found, because it needs no shell even on Windows.
 * @returns {{ command: string, args: string[], shell: boolean }}
 */
export function npmCommand() {
  const node = dirname(process.execPath);
  const scripts = [
    process.env.npm_execpath ?? '',
    join(node, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(node, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const script = scripts.find((path) => basename(path) === 'npm-cli.js' && existsSync(path));
  if (script) return { command: process.execPath, args: [script], shell: false };
  return { command: 'npm', args: [], shell: process.platform === 'win32' };
}
