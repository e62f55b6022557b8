/**
 * The Python environment `.venv`: is it whole, and making it. Only a stamp that is written last
 * says that it is.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cache, jupyterEnvironment, pythonOf, requirements, venv } from './places.mjs';
import { findPython } from './python.mjs';
import { runLogged } from './steps.mjs';
import { Trouble } from './trouble.mjs';

const stampFile = join(venv, 'course.json');

/**
 * What a finished environment was made from; scripts and the kernel in it hold its absolute path.
 */
const stamp = () => ({
  folder: realpathSync(venv),
  requirements: createHash('sha256').update(readFileSync(requirements)).digest('hex'),
});

/**
 * @returns {ReturnType<typeof stamp> | undefined} undefined where it was not written, or not to its
 *   end
 */
function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * A quick look that starts no Python.
 * @returns {{ trouble: string, anew: boolean } | undefined} what is wrong, as the end of a
 *   sentence, and whether the
 * environment has to be made anew for it or pip can mend it in place
 */
export function environmentTrouble() {
  if (!existsSync(venv))
    return { trouble: 'the Python environment .venv is not there', anew: true };
  const made = readStamp();
  if (!made)
    return { trouble: 'the installation of the Python environment .venv was interrupted',
      anew: true };
  if (made.folder !== realpathSync(venv)) {
    return { trouble: `the folder was moved (.venv was made in ${made.folder})`, anew: true };
  }
  if (!existsSync(pythonOf()) || !existsSync(homeOfPython())) {
    return { trouble: 'the Python that .venv was made with is gone', anew: true };
  }
  if (made.requirements !== stamp().requirements)
    return { trouble: 'the pinned Python packages have changed', anew: false };
  return undefined;
}

/** The folder of the Python that made `.venv`. */
function homeOfPython() {
  const settings = join(venv, 'pyvenv.cfg');
  const line = existsSync(settings) && /^home\s*=\s*(.+)$/m.exec(readFileSync(settings, 'utf8'));
  return line ? line[1].trim() : '';
}

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
        print(wanted.name, wanted.specifier, 'is wanted,', there or 'none', 'is there')
`;

/**
 * A thorough look: every pinned package at its version. Takes about a second.
 * @returns {string | undefined} the first difference, as the end of a sentence
 */
export function pinsTrouble() {
  const answer = spawnSync(pythonOf(), ['-c', compare, requirements], { encoding: 'utf8',
    env: jupyterEnvironment() });
  if (answer.status !== 0) return 'the Python in .venv does not run';
  const differences = answer.stdout.trim();
  return differences ? `in .venv ${differences.split('\n')[0].trim()}` : undefined;
}

/**
 * Makes `.venv` with the pinned packages, or brings one that is whole to the new pins.
 * @param {boolean} anew whether to begin with an empty folder
 * @param {AbortSignal} signal ends it
 * @throws {Trouble} no fitting Python, or pip failed
 */
export async function installEnvironment(anew, signal) {
  rmSync(stampFile, { force: true });
  const options = { signal, env: { ...jupyterEnvironment(), ...rustupHome() } };
  if (anew) {
    const python = findPython();
    rmSync(venv, { recursive: true, force: true, maxRetries: 5 });
    await runLogged('venv', [python.executable, '-m', 'venv', venv], options);
  }
  await runLogged('pip', [
    pythonOf(),
    '-m',
    'pip',
    'install',
    '--no-input',
    '--requirement',
    requirements,
  ], options);
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
 * pip asks rustc for its version; a rustc that is rustup's would begin a folder in the home for it.
 */
function rustupHome() {
  const there = process.env.RUSTUP_HOME || existsSync(join(homedir(), '.rustup'));
  return there ? {} : { RUSTUP_HOME: join(cache, 'rustup') };
}

/**
 * JupyterLab's news and update pop-ups ask the network; a course has no use for them. Long lines of
 * code wrap, since beside the file browser a cell is narrow. Readers can set both otherwise.
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
