/**
 * Registers the course's kernel inside the Python environment of the repo, and nowhere else. Needs
 * nothing but Node.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The name under which notebooks ask for the kernel. */
export const KERNEL_NAME = 'tslab';

/**
 * The kernel spec for the repo at `root`. Windows has no SIGINT: there Jupyter sends a message
 * instead.
 * @param {string} root absolute path of the repo
 */
export function kernelSpec(root) {
  return {
    argv: [
      process.execPath,
      path.join(root, 'lib', 'course', 'kernel', 'main.cjs'),
      '{connection_file}',
    ],
    display_name: 'TypeScript (course)',
    language: 'typescript',
    interrupt_mode: process.platform === 'win32' ? 'message' : 'signal',
    metadata: { debugger: false },
  };
}

/**
 * Writes the kernel spec into the environment `venv` where another one or none stands there; a
 * kernel that starts at that moment reads the old one or the new one, never a part. Returns its
 * folder.
 * @param {string} root absolute path of the repo
 * @param {string} venv absolute path of the Python environment
 */
export function installKernelSpec(root, venv) {
  const folder = path.join(venv, 'share', 'jupyter', 'kernels', KERNEL_NAME);
  const file = path.join(folder, 'kernel.json');
  const text = `${JSON.stringify(kernelSpec(root), null, 2)}\n`;
  if (textOf(file) === text) return folder;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, file);
  return folder;
}

/**
 * The text of a file, or undefined where there is none.
 * @param {string} file
 */
function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
