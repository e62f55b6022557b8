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
  // Paths of a different Python would be read before those of .venv.
  const env = { ...process.env, PYTHONPATH: undefined, PYTHONHOME: undefined,
    IPYTHONDIR: jupyterEnvironment().IPYTHONDIR };
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

/** Starts the kernel in the folder that it is given, runs a cell, and prints its error or null. */
const runCell = `
import json, sys
try:
    from jupyter_client.manager import start_new_kernel
except ImportError:
    print('null')  # the check of the pinned packages says so
    sys.exit()
manager, client = start_new_kernel(kernel_name='${KERNEL_NAME}', cwd=sys.argv[1])
try:
    reply = client.execute_interactive(sys.argv[2], timeout=180, output_hook=lambda _: None)
    reply = reply['content']
    error = [reply.get('ename', ''), reply.get('evalue', ''), *reply.get('traceback', [])]
    print(json.dumps(None if reply['status'] == 'ok' else error))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
`;

/** Imports every file of the library, and computes with it. */
const CELL = `import { GPT } from '../lib/index';
const model = await GPT.create(
  { nLayer: 1, nHead: 1, nEmbd: 4, nPositions: 4, vocabSize: 5 },
  1,
);
model.forward([[1, 2]]).dispose();
model.dispose();`;

/**
 * Starts the kernel and runs a cell that uses the library. Takes some seconds.
 * @returns {{ finding: string, details: string, inPackages: boolean } | undefined} what is wrong,
 *   as the end of a sentence; the last lines of the error; whether an npm package lacks a file
 */
export function cellTrouble() {
  const { status, stdout, stderr } = spawnSync(
    pythonOf(),
    ['-c', runCell, join(root, 'notebooks'), CELL],
    { encoding: 'utf8', env: jupyterEnvironment(), timeout: 300_000, killSignal: 'SIGKILL' },
  );
  /** @type {string[] | null} */
  const error = status === 0 ? JSON.parse(stdout.trim().split('\n').pop() ?? 'null') : [stderr];
  if (error === null) return undefined;
  // eslint-disable-next-line no-control-regex -- a traceback is coloured
  const text = error.join('\n').replace(/\x1b\[[0-9;]*m/g, '');
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const reason = lines.find((line) => /Cannot find|Error: /.test(line)) ?? lines.at(-1) ?? '';
  return {
    finding: `the kernel does not run a cell (${reason.slice(0, 200)})`,
    details: lines.slice(-15).join('\n'),
    inPackages: text.includes('node_modules')
      && /Cannot find (module|package)|ENOENT|No native build/.test(text),
  };
}
