/** Where the course keeps its files: everything is inside the repository. */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..', '..');
export const cache = join(root, '.cache');
export const logs = join(cache, 'logs');
/** The Python environment. */
export const venv = join(root, '.venv');
export const requirements = join(root, 'lib', 'course', 'setup', 'requirements.txt');
/** Where the Jupyter programs of `npm start` and `npm test` keep their settings and histories. */
export const jupyterFolder = join(cache, 'jupyter');

const windows = process.platform === 'win32';

/** The Python of a virtual environment. */
export function pythonOf(environment = venv) {
  return windows ? join(environment, 'Scripts', 'python.exe') : join(environment, 'bin', 'python');
}

/** Variables that would mix in the packages, settings or kernels of a different Python. */
const FOREIGN = [
  'PYTHONHOME',
  'PYTHONPATH',
  'JUPYTER_PATH',
  'JUPYTER_CONFIG_PATH',
  'PIP_TARGET',
  'PIP_PREFIX',
];

/**
 * The environment variables for every Python and Jupyter program. Settings, histories and runtime
 * files go to `folder`, so that the home folder stays empty.
 * @returns {NodeJS.ProcessEnv}
 */
export function jupyterEnvironment(folder = jupyterFolder) {
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.includes(name));
  return {
    ...Object.fromEntries(own),
    PIP_USER: '0',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PYTHONUTF8: '1',
    JUPYTER_PREFER_ENV_PATH: '1',
    JUPYTER_CONFIG_DIR: join(folder, 'config'),
    JUPYTER_DATA_DIR: join(folder, 'data'),
    JUPYTER_RUNTIME_DIR: join(folder, 'runtime'),
    JUPYTERLAB_SETTINGS_DIR: join(folder, 'settings'),
    JUPYTERLAB_WORKSPACES_DIR: join(folder, 'workspaces'),
    IPYTHONDIR: join(folder, 'ipython'),
  };
}
