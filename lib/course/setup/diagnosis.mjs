/**
 * What can be wrong with a set-up, each with its remedy, in the order in which npm start meets it.
 */
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { environmentTrouble, pinsTrouble } from './environment.mjs';
import { kernelTrouble } from './kernels.mjs';
import { npmCommand, packagesTrouble } from './packages.mjs';
import { root } from './places.mjs';
import { findPython } from './python.mjs';
import { Trouble } from './trouble.mjs';

/** @typedef {{ state: 'good' | 'note' | 'wrong', finding: string, remedy?: string }} Finding */

const repair = 'npm start repairs it.';

/** @param {string} finding @returns {Finding} */
const good = (finding) => ({ state: 'good', finding });

/** @param {string} finding the end of a sentence @param {string} remedy @returns {Finding} */
const wrong = (finding, remedy) => ({
  state: 'wrong',
  finding: `${finding[0].toUpperCase()}${finding.slice(1)}.`,
  remedy,
});

/** @returns {AsyncGenerator<Finding>} */
export async function* diagnose() {
  yield good(`Node ${process.versions.node}`); // an older one does not come this far: see run.cjs
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
      ? wrong(pins, 'npm run setup installs it anew.')
      : good('The Python environment .venv has its pinned packages.');
    const kernel = kernelTrouble();
    yield kernel ? wrong(kernel, repair) : good("Jupyter finds the course's kernel.");
  }
  if (packages || environment) yield network();
  yield port(8888);
}

/** @param {boolean} made whether .venv is there and whole @returns {Finding} */
function python(made) {
  try {
    const { version, executable } = findPython();
    return good(`Python ${version.join('.')} (${executable})`);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    const still = made ? ' The .venv that is there still works, but could not be made again.' : '';
    return { state: 'wrong', finding: error.message + still, remedy: error.nextStep };
  }
}

/**
 * Asked only when there is something to install: a whole course needs no network. @returns
 * {Finding}
 */
function network() {
  const [npm, ...script] = npmCommand();
  const ping = spawnSync(npm, [...script, 'ping', '--fetch-retries=0', '--fetch-timeout=10000'], {
    cwd: root,
    stdio: 'ignore',
    timeout: 20_000,
    shell: npm === 'npm' && process.platform === 'win32',
  });
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
    remedy: 'Nothing to mend: npm start picks the next free one.',
  };
}
