/**
 * The course's kernel in Jupyter: registering it inside the Python environment of the repository,
 * and nowhere else, and asking which kernel Jupyter would start.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync,
  writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { jupyterEnvironment, pythonOf, root } from './paths.mjs';

/** The name by which notebooks refer to the kernel, and the name that Jupyter displays. */
export const KERNEL_NAME = 'tslab';
export const KERNEL_TITLE = 'TypeScript (course)';

/** @param {string} course the repository's root */
const kernelFolder = (course) => join(course, 'lib', 'course', 'kernel');

/**
 * The kernel spec of the repository at `course`, an absolute path. Windows has no SIGINT: there
 * Jupyter sends a message instead.
 * @param {string} course
 */
function kernelSpec(course) {
  return {
    argv: [process.execPath, join(kernelFolder(course), 'main.cjs'), '{connection_file}'],
    display_name: KERNEL_TITLE,
    language: 'typescript',
    interrupt_mode: process.platform === 'win32' ? 'message' : 'signal',
    metadata: { debugger: false },
  };
}

/**
 * Writes the kernel spec into the environment `venv` unless it is there already. A kernel that
 * starts at that moment reads the old spec or the new one, never an incomplete one. Returns its
 * folder.
 * @param {string} course absolute path of the repository
 * @param {string} venv absolute path of the Python environment
 */
export function installKernelSpec(course, venv) {
  const folder = join(venv, 'share', 'jupyter', 'kernels', KERNEL_NAME);
  const file = join(folder, 'kernel.json');
  const text = `${JSON.stringify(kernelSpec(course), null, 2)}\n`;
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return folder;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, file);
  return folder;
}

/** Prints the kernel that every Jupyter program of .venv would start, or null. */
const query = `
import json
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
try:
    spec = KernelSpecManager().get_kernel_spec('${KERNEL_NAME}')
    print(json.dumps({'argv': spec.argv, 'folder': spec.resource_dir}))
except NoSuchKernel:
    print('null')
`;

/**
 * Which kernel Jupyter would start for the notebooks: the course's, a stock tslab, or none. The
 * reader's own settings apply here, as they do in VS Code and nbconvert.
 * @returns {string | undefined} what is wrong, as the end of a sentence
 */
export function kernelTrouble() {
  // The query creates IPython's folder: in .cache, not in the home folder.
  const env = { ...process.env, IPYTHONDIR: jupyterEnvironment().IPYTHONDIR };
  const answer = spawnSync(pythonOf(), ['-c', query], { encoding: 'utf8', env });
  if (answer.status !== 0) return 'the Python in .venv cannot look for kernels';
  /** @type {{ argv: string[], folder: string } | null} */
  const spec = JSON.parse(answer.stdout);
  if (!spec) return "the course's kernel is not registered in .venv";
  const own = kernelFolder(realpathSync(root)) + sep;
  const launcher = spec.argv.find((part) => existsSync(part) && realpathSync(part).startsWith(own));
  if (!launcher)
    return `a kernel that is not the course's has taken its name ${KERNEL_NAME} (${spec.folder})`;
  const [node = ''] = spec.argv;
  return existsSync(node) ? undefined : `the kernel's Node is gone (${node})`;
}
