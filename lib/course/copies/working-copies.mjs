/**
 * The reader's own copies of the notebooks: without outputs, so that a prediction can be made
 * before the answer is seen, and in a folder that git ignores, so that a clone stays clean. A copy
 * is made once and never overwritten. It remembers the version of the notebook that it was made
 * from.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync,
  writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/paths.mjs';
import { Trouble } from '../setup/program.mjs';

/** The folders of the notebooks and of the copies; both beside lib, so that imports resolve. */
export const notebooksFolder = join(root, 'notebooks');
export const copiesFolder = join(root, 'my-notebooks');

/**
 * A notebook file, as far as it is looked at here.
 * @typedef {{ cell_type: string, id: string, source: string | string[], metadata: object,
 *   outputs?: unknown[], execution_count?: number | null }} Cell
 * @typedef {{ cells: Cell[], nbformat: number, nbformat_minor: number,
 *   metadata: { course?: { version?: string } } & Record<string, unknown> }} Notebook
 */

/**
 * A copy and how it differs from what it was made from.
 * @typedef {object} CopyState
 * @property {string} name file name, the same in both folders
 * @property {boolean} changed whether the reader changed, added or removed a cell
 * @property {boolean} broken whether the copy cannot be read
 * @property {boolean} newer whether the course's notebook has changed since the copy was made
 */

/**
 * Makes the copies that are missing.
 * @returns {{ made: string[], states: CopyState[] }} names of the new ones, and the state of all
 */
export function makeCopies(from = notebooksFolder, to = copiesFolder) {
  mkdirSync(to, { recursive: true });
  const names = existsSync(from)
    ? readdirSync(from).filter((name) => name.endsWith('.ipynb')).sort()
    : [];
  const made = names.filter((name) => !existsSync(join(to, name)));
  for (const name of made) writeCopy(join(from, name), join(to, name));
  return { made, states: names.map((name) => stateOf(name, from, to)) };
}

/**
 * Puts the reader's copy aside, under a name that is free, and makes a new one.
 * @param {string} name of a notebook
 * @returns {string | undefined} where the old copy is now; undefined if there was none
 */
export function renewCopy(name, from = notebooksFolder, to = copiesFolder) {
  const copy = join(to, name);
  let aside;
  if (existsSync(copy)) {
    const free = (/** @type {number} */ n) => name.replace(/\.ipynb$/, ` (mine ${n}).ipynb`);
    let n = 1;
    while (existsSync(join(to, free(n)))) n += 1;
    aside = join(to, free(n));
    renameSync(copy, aside);
  }
  mkdirSync(to, { recursive: true });
  writeCopy(join(from, name), copy);
  return aside;
}

/**
 * @param {string} file
 * @returns {Notebook}
 * @throws {Trouble} if the file is not a notebook
 */
export function readNotebookFile(file) {
  try {
    const notebook = /** @type {Notebook} */ (JSON.parse(readFileSync(file, 'utf8')));
    if (Array.isArray(notebook.cells)) return notebook;
    throw new Error('it has no list of cells');
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new Trouble(
      `${file} cannot be read as a notebook: ${message}`,
      'npm run my-notebooks -- reset NAME makes a new copy and keeps this file beside it.',
    );
  }
}

/** @param {string} source @param {string} target */
function writeCopy(source, target) {
  const notebook = readNotebookFile(source);
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === 'code' ? { ...cell, outputs: [], execution_count: null } : cell
  );
  const metadata = { ...notebook.metadata, course: { version: versionOf(notebook) } };
  const text = `${JSON.stringify({ ...notebook, cells, metadata }, null, 1)}\n`;
  writeFileSync(`${target}.new`, text);
  renameSync(`${target}.new`, target); // whole, or not at all
}

/** @param {string} name @param {string} from @param {string} to @returns {CopyState} */
function stateOf(name, from, to) {
  const copy = readOrNothing(join(to, name));
  if (!copy) return { name, broken: true, changed: true, newer: false };
  const made = copy.metadata.course?.version;
  const newer = made !== versionOf(readNotebookFile(join(from, name)));
  return { name, broken: false, changed: made !== versionOf(copy), newer };
}

/** @param {string} file */
function readOrNothing(file) {
  try {
    return readNotebookFile(file);
  } catch {
    return undefined;
  }
}

/** A short name of what the cells say, outputs and counts aside. @param {Notebook} notebook */
function versionOf({ cells }) {
  const said = cells.map(({ cell_type, source }) => [cell_type, [source].flat().join('').trim()]);
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
}
