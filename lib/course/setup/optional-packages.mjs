/**
 * Optional parts of the Python environment, each pinned in a file of its own: nbgrader for
 * assignments, JupyterHub for a class. Installed on their first use, or by `npm run setup`'s
 * options.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jupyterEnvironment, pythonOf, requirements, root, venv } from './paths.mjs';
import { Trouble } from './program.mjs';
import { pinsTrouble, pythonMinor } from './python-environment.mjs';
import { runLogged, step } from './steps.mjs';

/**
 * @typedef {object} Part
 * @property {string} name of its log, and of its stamp in the environment
 * @property {string} title what the packages are for
 * @property {string} file path of its pins
 */

/** @type {Part} */
const assignments = {
  name: 'assignments',
  title: 'assignments (nbgrader)',
  file: join(root, 'lib', 'course', 'setup', 'requirements-assignments.txt'),
};

/** @type {Part} */
const hub = {
  name: 'hub',
  title: 'a class (JupyterHub)',
  file: join(root, 'lib', 'course', 'hub', 'requirements.txt'),
};

/** nbgrader 0.9.6 needs this Python 3. */
const OLDEST = 11;

/** @typedef {{ thorough?: boolean }} Options thorough: check the version of each package */

/** The packages of `npm run assignment`. @param {Options} [options] @throws {Trouble} */
export const installAssignmentPackages = (options) => installPart(assignments, [], options);

/** The packages of `npm run hub`. @param {Options} [options] @throws {Trouble} */
export async function installHubPackages(options) {
  await installAssignmentPackages(options);
  await installPart(hub, [assignments], options);
}

/** @param {Part} part */
const stampOf = ({ file }) =>
  JSON.stringify({ requirements: createHash('sha256').update(readFileSync(file)).digest('hex') });

/**
 * Installs a part into a complete environment. Prints nothing and uses no network if it is there.
 * @param {Part} part
 * @param {readonly Part[]} before parts that it builds on
 * @param {Options} [options]
 * @throws {Trouble} the Python is too old, or pip failed
 */
async function installPart(part, before, { thorough = false } = {}) {
  const { name, title, file } = part;
  // Written last, so that its absence marks an interrupted installation.
  const stampFile = join(venv, `${name}.json`);
  const isThere = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stampOf(part);
  if (isThere && !(thorough && pinsTrouble(file))) return;
  const minor = pythonMinor();
  if (minor < OLDEST) {
    throw new Trouble(
      `The packages for ${title} need Python 3.${OLDEST} or newer; .venv was made with Python `
        + `3.${minor}.`,
      'Install Python 3.12 or newer, delete the folder .venv, and run the same command again '
        + '(COURSE_PYTHON may hold the path of that Python).',
    );
  }
  rmSync(stampFile, { force: true });
  const files = [requirements, ...before.map((each) => each.file), file];
  const pip = ['-m', 'pip', 'install', '--no-input'];
  await step(
    `Installing the packages for ${title}`,
    (signal) =>
      runLogged(
        `pip-${name}`,
        pythonOf(),
        [...pip, ...files.flatMap((each) => ['--requirement', each])],
        { signal, env: { PIP_RETRIES: '2', ...jupyterEnvironment() } },
      ),
  );
  const wrong = pinsTrouble(file);
  if (wrong) {
    throw new Trouble(
      `After the installation ${wrong}.`,
      'Delete the folder .venv and run the same command again.',
    );
  }
  writeFileSync(stampFile, stampOf(part));
}
