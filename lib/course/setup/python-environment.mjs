/**
 * The Python environment `.venv`: whether it is complete, and making it. A stamp that is written
 * last marks it as complete.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findPython } from './find-python.mjs';
import { cache, jupyterEnvironment, pythonOf, requirements, venv } from './paths.mjs';
import { Trouble } from './program.mjs';
import { runLogged } from './steps.mjs';

const stampFile = join(venv, 'course.json');

/**
 * The stamp of a complete environment: what it was made from, and where, because its scripts and
 * its kernel spec contain absolute paths.
 */
const stamp = () => ({
  folder: realpathSync(venv),
  requirements: createHash('sha256').update(readFileSync(requirements)).digest('hex'),
});

/** @returns {ReturnType<typeof stamp> | undefined} undefined if it is absent or half written */
function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * A quick check that starts no Python.
 * @returns {{ trouble: string, fromScratch: boolean } | undefined} what is wrong, as the end of a
 *   sentence, and whether the environment must be made from scratch or pip can repair it in place
 */
export function environmentTrouble() {
  if (!existsSync(venv))
    return { trouble: 'the Python environment .venv is not there', fromScratch: true };
  const made = readStamp();
  if (!made)
    return { trouble: 'the installation of the Python environment .venv was interrupted',
      fromScratch: true };
  if (made.folder !== realpathSync(venv)) {
    return { trouble: `the folder was moved (.venv was made in ${made.folder})`,
      fromScratch: true };
  }
  if (!existsSync(pythonOf()) || !existsSync(homeOfPython())) {
    return { trouble: 'the Python that .venv was made with is gone', fromScratch: true };
  }
  if (made.requirements !== stamp().requirements)
    return { trouble: 'the pinned Python packages have changed', fromScratch: false };
  return undefined;
}

/** The folder of the Python that made `.venv`. */
function homeOfPython() {
  const settings = join(venv, 'pyvenv.cfg');
  const line = existsSync(settings) && /^home\s*=\s*(.+)$/m.exec(readFileSync(settings, 'utf8'));
  return line ? line[1]?.trim() ?? '' : '';
}

/** Prints each pinned package of the file that is absent or has a different version. */
const compare = `
import sys
from importlib.metadata import PackageNotFoundError, version
from pip._vendor.packaging.requirements import Requirement
for line in open(sys.argv[1], encoding='utf8'):
    line = line.split('#')[0].strip()
    if not line: continue
    wanted = Requirement(line)
    if wanted.marker and not wanted.marker.evaluate(): continue
    try: there = version(wanted.name)
    except PackageNotFoundError: there = None
    if there is None or there not in wanted.specifier:
        print(wanted.name, wanted.specifier, 'is required,', there or 'none', 'is installed')
`;

/**
 * A thorough check of every package that a file pins, and its version. Takes about a second.
 * @returns {string | undefined} the first difference, as the end of a sentence
 */
export function pinsTrouble(pins = requirements) {
  const answer = spawnSync(pythonOf(), ['-c', compare, pins], { encoding: 'utf8',
    env: jupyterEnvironment() });
  if (answer.status !== 0) return 'the Python in .venv does not run';
  const [first = ''] = answer.stdout.trim().split('\n');
  return first ? `in .venv ${first.trim()}` : undefined;
}

/** The minor version of the Python in `.venv`; 0 if that does not run. */
export function pythonMinor() {
  const print = 'import sys; print(sys.version_info[1])';
  return Number(spawnSync(pythonOf(), ['-c', print], { encoding: 'utf8' }).stdout) || 0;
}

/**
 * Makes `.venv` with the pinned packages, or installs changed pins into a complete one.
 * @param {boolean} fromScratch whether to begin with an empty folder
 * @param {AbortSignal} signal ends it
 * @throws {Trouble} no suitable Python, or pip failed
 */
export async function installEnvironment(fromScratch, signal) {
  rmSync(stampFile, { force: true });
  // pip's own five attempts take minutes to say that there is no network
  const options = { signal, env: { PIP_RETRIES: '2', ...jupyterEnvironment(), ...rustupHome() } };
  if (fromScratch) {
    const python = findPython();
    rmSync(venv, { recursive: true, force: true, maxRetries: 5 });
    await runLogged('venv', python.executable, ['-m', 'venv', venv], options);
  }
  const pip = ['-m', 'pip', 'install', '--no-input', '--requirement', requirements];
  await runLogged('pip', pythonOf(), pip, options);
  setUpLab();
  const wrong = pinsTrouble();
  if (wrong)
    throw new Trouble(
      `After the installation ${wrong}.`,
      'Delete the folder .venv and run npm run setup again.',
    );
  writeFileSync(stampFile, JSON.stringify(stamp(), null, 2));
}

/**
 * A home for rustup inside the repository, unless rustup has one: pip runs rustc for its version,
 * and rustup's rustc would otherwise create a folder in the home folder.
 */
function rustupHome() {
  const there = process.env.RUSTUP_HOME || existsSync(join(homedir(), '.rustup'));
  return there ? {} : { RUSTUP_HOME: join(cache, 'rustup') };
}

/**
 * Changes two defaults of JupyterLab: it would fetch news and updates, which a course does not
 * need, and scroll long lines of code sideways, although cells are narrow beside the file browser.
 * Readers can change both.
 */
function setUpLab() {
  const folder = join(venv, 'share', 'jupyter', 'lab', 'settings');
  const overrides = {
    '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false },
    '@jupyterlab/notebook-extension:tracker': {
      codeCellConfig: { lineNumbers: false, lineWrap: true },
    },
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'overrides.json'), JSON.stringify(overrides, null, 2));
}
