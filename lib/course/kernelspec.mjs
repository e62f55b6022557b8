/**
 * Registers the course's kernel inside the Python environment of the repo, and nowhere else. Needs nothing but Node.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The name under which notebooks ask for the kernel. */
export const KERNEL_NAME = 'tslab';

/**
 * The kernel spec for the repo at `root`. Windows has no SIGINT: there Jupyter sends a message instead.
 * @param {string} root absolute path of the repo
 */
export function kernelSpec(root) {
  return {
    argv: [process.execPath, path.join(root, 'lib', 'course', 'kernel', 'main.cjs'), '{connection_file}'],
    display_name: 'TypeScript (course)',
    language: 'typescript',
    interrupt_mode: process.platform === 'win32' ? 'message' : 'signal',
    metadata: { debugger: false },
  };
}

/**
 * Writes the kernel spec into the environment `venv`; a spec that stood there is replaced. Returns its folder.
 * @param {string} root absolute path of the repo
 * @param {string} venv absolute path of the Python environment
 */
export function installKernelSpec(root, venv) {
  const folder = path.join(venv, 'share', 'jupyter', 'kernels', KERNEL_NAME);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'kernel.json'), `${JSON.stringify(kernelSpec(root), null, 2)}\n`);
  return folder;
}
