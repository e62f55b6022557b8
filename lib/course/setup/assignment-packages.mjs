/**
 * The packages for assignments, an optional part of the Python environment: installed on the first
 * use of `npm run assignment`, or by `npm run setup -- --assignments`.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jupyterEnvironment, pythonOf, requirements, root, venv } from './paths.mjs';
import { pinsTrouble, pythonMinor } from './python-environment.mjs';
import { Trouble } from './program.mjs';
import { runLogged, step } from './steps.mjs';

const optional = join(root, 'lib', 'course', 'setup', 'requirements-assignments.txt');

/** Written last, so that its absence marks an interrupted installation. */
const stampFile = join(venv, 'assignments.json');

/** nbgrader 0.9.6 needs this Python 3. */
const OLDEST = 11;

const stamp = () =>
  JSON.stringify({
    requirements: createHash('sha256').update(readFileSync(optional)).digest('hex'),
  });

/**
 * Installs them into a complete environment. Prints nothing and uses no network if they are there.
 * @param {{ thorough?: boolean }} [options] thorough: check the version of each package
 * @throws {Trouble} the Python is too old, or pip failed
 */
export async function installAssignmentPackages({ thorough = false } = {}) {
  const isThere = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp();
  if (isThere && !(thorough && pinsTrouble(optional))) return;
  const minor = pythonMinor();
  if (minor < OLDEST) {
    throw new Trouble(
      `Assignments need Python 3.${OLDEST} or newer; .venv was made with Python 3.${minor}.`,
      'Install Python 3.12 or newer, delete the folder .venv, and run '
        + 'npm run setup -- --assignments (COURSE_PYTHON may hold the path of that Python).',
    );
  }
  rmSync(stampFile, { force: true });
  await step(
    'Installing the packages for assignments (nbgrader)',
    (signal) =>
      runLogged('pip-assignments', pythonOf(), [
        '-m',
        'pip',
        'install',
        '--no-input',
        '--requirement',
        requirements,
        '--requirement',
        optional,
      ], { signal, env: { PIP_RETRIES: '2', ...jupyterEnvironment() } }),
  );
  const wrong = pinsTrouble(optional);
  if (wrong) {
    throw new Trouble(
      `After the installation ${wrong}.`,
      'Delete the folder .venv and run npm run setup -- --assignments.',
    );
  }
  writeFileSync(stampFile, stamp());
}
