/**
 * `node student-folder.mjs FOLDER`: makes what is missing in a student's folder. The course is
 * shared and read-only; the folder links to it, so that `../lib/index` is there for the copies in
 * `my-notebooks/` and for each assignment that nbgrader fetches into a folder beside it.
 */
import { copyFileSync, existsSync, lstatSync, mkdirSync, readlinkSync, rmSync,
  symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makeCopies, notebooksFolder } from '../copies/working-copies.mjs';
import { root } from '../setup/paths.mjs';
import { runProgram, Trouble } from '../setup/program.mjs';

/** What a kernel looks for above a notebook, and what a reader may want to open. */
const SHARED = [
  'data',
  'lib',
  'node_modules',
  'notebooks',
  'package-lock.json',
  'package.json',
  'README.md',
  'tsconfig.json',
];

void runProgram(() => {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new Trouble('A folder is wanted.', 'node student-folder.mjs FOLDER');
  mkdirSync(folder, { recursive: true });
  for (const name of SHARED) link(join(root, name), join(folder, name));
  makeCopies(notebooksFolder, join(folder, 'my-notebooks'));
  const styles = join(process.env['JUPYTER_CONFIG_DIR'] ?? join(homedir(), '.jupyter'), 'custom');
  mkdirSync(styles, { recursive: true });
  copyFileSync(join(root, 'lib/course/setup/jupyterlab.css'), join(styles, 'custom.css'));
});

/** Links to `target`, also after the course was moved; a student's own file of that name stays. */
function link(/** @type {string} */ target, /** @type {string} */ path) {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there && (!there.isSymbolicLink() || readlinkSync(path) === target)) return;
  if (!existsSync(target)) return;
  rmSync(path, { force: true });
  symlinkSync(target, path);
}
