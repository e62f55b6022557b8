/** Finds a Python that can make the virtual environment. */
import { spawnSync } from 'node:child_process';
import { jupyterEnvironment } from './paths.mjs';
import { Trouble } from './program.mjs';

/** Python's minor version: 3.10 is the oldest that JupyterLab's pinned packages run on. */
const oldest = 10;

/** A program that runs on any Python, including Python 2. */
const probe = `
import json, sys
try:
    import venv, ensurepip
    able = True
except ImportError:
    able = False
print(json.dumps({'version': list(sys.version_info[:3]), 'able': able,
                  'executable': sys.executable}))
`;

/** @typedef {{ version: [number, number, number], able: boolean, executable: string }} Python */

/**
 * The commands that may start a Python; only COURSE_PYTHON if it is set.
 * @returns {[string, ...string[]][]}
 */
function candidates() {
  const { COURSE_PYTHON: chosen } = process.env;
  if (chosen) return [[chosen]];
  return process.platform === 'win32'
    ? [['py', '-3'], ['python'], ['python3']]
    : [
      ['python3'],
      ['python'],
      ...[14, 13, 12, 11, 10].map((minor) => /** @type {[string]} */ ([`python3.${minor}`])),
    ];
}

/**
 * @param {readonly [string, ...string[]]} command
 * @returns {Python | undefined}
 */
function ask([program, ...args]) {
  const answer = spawnSync(program, [...args, '-c', probe], {
    encoding: 'utf8',
    timeout: 20_000,
    env: jupyterEnvironment(),
    windowsHide: true,
  });
  try {
    return answer.status === 0 ? JSON.parse(answer.stdout) : undefined;
  } catch {
    return undefined;
  }
}

/** @param {Python} python */
const recent = ({ version: [major, minor] }) => major === 3 && minor >= oldest;

/**
 * The first Python >= 3.10 that has its venv module.
 * @throws {Trouble} with what was found instead
 */
export function findPython() {
  /** @type {Python[]} */
  const found = [];
  for (const command of candidates()) {
    const python = ask(command);
    if (python && recent(python) && python.able) return python;
    if (python) found.push(python);
  }
  throw pythonTrouble(found);
}

/** @param {readonly Python[]} found */
function pythonTrouble(found) {
  const again = 'then try again; or set COURSE_PYTHON to the path of a Python that has it.';
  const bare = found.find(recent);
  if (bare) {
    const name = `Python ${bare.version.join('.')} (${bare.executable})`;
    return new Trouble(
      `${name} has no venv module, which the course needs.`,
      'On Debian and Ubuntu: sudo apt install python3-venv; elsewhere install Python from '
        + `python.org; ${again}`,
    );
  }
  const versions = found.map((python) => python.version.join('.')).join(', ');
  const there = versions ? `the PATH has only Python ${versions}` : 'none was found on the PATH';
  return new Trouble(
    `The course needs Python 3.${oldest} or newer; ${there}.`,
    `Install Python 3.12 or newer (https://python.org, apt, brew, winget), ${again}`,
  );
}
