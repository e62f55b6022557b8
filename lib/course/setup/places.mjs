/** Where the course keeps its things. Everything lies inside the repository. */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..', '..');
export const cache = join(root, '.cache');
export const logs = join(cache, 'logs');
export const venv = join(root, '.venv');
export const requirements = join(root, 'lib', 'course', 'setup', 'requirements.txt');

const windows = process.platform === 'win32';

/** The Python of a virtual environment. */
export function pythonOf(environment = venv) {
  return windows ? join(environment, 'Scripts', 'python.exe') : join(environment, 'bin', 'python');
}

/**
 * The environment for every Python and Jupyter program: settings, histories and runtime files go to
 * `.cache/`, so the home folder stays empty; variables that would mix another Python's packages or
 * kernels in are left out.
 * @returns {NodeJS.ProcessEnv}
 */
export function jupyterEnvironment() {
  const env = { ...process.env };
  for (
    const name of [
      'PYTHONHOME',
      'PYTHONPATH',
      'JUPYTER_PATH',
      'JUPYTER_CONFIG_PATH',
      'PIP_TARGET',
      'PIP_PREFIX',
    ]
  )
    delete env[name];
  const jupyter = join(cache, 'jupyter');
  return {
    ...env,
    PIP_USER: '0',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PYTHONUTF8: '1',
    JUPYTER_PREFER_ENV_PATH: '1',
    JUPYTER_CONFIG_DIR: join(jupyter, 'config'),
    JUPYTER_DATA_DIR: join(jupyter, 'data'),
    JUPYTER_RUNTIME_DIR: join(jupyter, 'runtime'),
    JUPYTERLAB_SETTINGS_DIR: join(jupyter, 'settings'),
    JUPYTERLAB_WORKSPACES_DIR: join(jupyter, 'workspaces'),
    IPYTHONDIR: join(cache, 'ipython'),
  };
}
