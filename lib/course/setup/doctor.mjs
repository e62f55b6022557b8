/**
 * `npm run doctor`: lists what is wrong with the set-up, each with its remedy, in the order in
 * which npm start would fail. Changes nothing; exit code 1 if something is wrong.
 */
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { findPython } from './find-python.mjs';
import { cellTrouble, kernelTrouble } from './jupyter-kernel.mjs';
import { DEFAULT_PORT } from './jupyterlab.mjs';
import { npmCommand, packagesTrouble } from './npm-packages.mjs';
import { translatorTrouble } from './papermill-translator.mjs';
import { root } from './paths.mjs';
import { commandLine, portFrom, runProgram, Trouble } from './program.mjs';
import { environmentTrouble, pinsTrouble } from './python-environment.mjs';
import { writeTrouble } from './writable.mjs';

/** @typedef {{ state: 'good' | 'note' | 'wrong', finding: string, remedy?: string }} Finding */

const USAGE =
  `npm run doctor                  says what is wrong with the set-up, and changes nothing
npm run doctor -- --port 9000   looks whether npm start can have this port`;

const repair = 'npm start repairs it.';

/** @param {string} finding @returns {Finding} */
const good = (finding) => ({ state: 'good', finding });

/** @param {string} finding the end of a sentence @param {string} remedy @returns {Finding} */
const wrong = (finding, remedy) => ({
  state: 'wrong',
  finding: `${finding.charAt(0).toUpperCase()}${finding.slice(1)}.`,
  remedy,
});

/** @param {number} wanted the port of JupyterLab @returns {AsyncGenerator<Finding>} */
async function* diagnose(wanted) {
  yield good(`Node ${process.versions.node}`); // run.cjs refuses older versions
  const unwritable = writeTrouble();
  yield unwritable
    ? { state: 'wrong', finding: unwritable.message, remedy: unwritable.nextStep }
    : good('The folders of the course can be written.');
  const environment = environmentTrouble();
  yield python(!environment);
  const packages = packagesTrouble();
  yield packages
    ? wrong(packages, repair)
    : good('The npm packages are those of package-lock.json.');
  if (environment) {
    yield wrong(environment.trouble, repair);
  } else {
    const pins = pinsTrouble();
    yield pins
      ? wrong(pins, 'npm run setup installs it again.')
      : good('The Python environment .venv has its pinned packages.');
    const kernel = kernelTrouble();
    yield kernel ? wrong(kernel, repair) : good("Jupyter finds the course's kernel.");
    const translator = pins ? undefined : translatorTrouble();
    if (!pins)
      yield translator
        ? wrong(translator, repair)
        : good("papermill finds the course's translator.");
    if (!packages && !pins && !kernel) yield cell();
  }
  if (packages || environment) yield network();
  yield port(wanted);
}

/** @returns {Finding} */
function cell() {
  const trouble = cellTrouble();
  if (!trouble) return good('The kernel runs a cell that uses the library.');
  return wrong(
    trouble.finding,
    trouble.inPackages
      ? 'npm run setup installs the npm packages again.'
      : 'If you have changed files of lib, look there first; git status lists them.',
  );
}

/** @param {boolean} made whether .venv is there and complete @returns {Finding} */
function python(made) {
  try {
    const { version, executable } = findPython();
    return good(`Python ${version.join('.')} (${executable})`);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    const still = made ? ' The present .venv still works, but could not be made again.' : '';
    return { state: 'wrong', finding: error.message + still, remedy: error.nextStep };
  }
}

/**
 * Called only when there is something to install: a complete course needs no network.
 * @returns {Finding}
 */
function network() {
  const { command, args, shell } = npmCommand();
  const ping = spawnSync(
    command,
    [...args, 'ping', '--fetch-retries=0', '--fetch-timeout=10000'],
    { cwd: root, stdio: 'ignore', timeout: 20_000, shell },
  );
  if (ping.status === 0) return good('The npm registry answers.');
  return wrong(
    'the npm registry does not answer, so npm start could not install what is missing',
    'Connect to the network, or behind a proxy set HTTPS_PROXY.',
  );
}

/** @param {number} wanted @returns {Promise<Finding>} */
async function port(wanted) {
  const free = await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(wanted, '127.0.0.1', () => server.close(() => resolve(true)));
  });
  if (free) return good(`Port ${wanted} is free.`);
  return {
    state: 'note',
    finding: `Port ${wanted} is taken.`,
    remedy: 'Nothing to repair: npm start takes the next free one.',
  };
}

const signs = { good: 'ok   ', note: 'note ', wrong: 'WRONG' };

void runProgram(async () => {
  const { values } = commandLine({ options: { port: { type: 'string' } } }, USAGE);
  const wanted = portFrom(values.port, DEFAULT_PORT, USAGE);
  let count = 0;
  for await (const { state, finding, remedy } of diagnose(wanted)) {
    if (state === 'wrong') count += 1;
    console.log(`${signs[state]} ${finding}`);
    if (remedy) console.log(`      ${remedy}`);
  }
  console.log(count ? `\n${count} to repair.` : '\nAll is well: npm start opens the course.');
  return count ? 1 : 0;
});
