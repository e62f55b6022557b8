/** By which code a point was run, so that one of older code is noticed and runs again. */
import { createHash, type Hash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { foreignSettings } from '../../base/environment';
import { hasTag, isCode, type Notebook, textOf } from '../notebooks/notebook';
import { root } from '../setup/paths.mjs';

/** Checksums of what decides a point's result besides its values. */
export interface Code {
  /** Of the notebook's code cells. */
  readonly notebook: string;
  /**
   * Of what the cells import and read: lib, data, the versions of the packages, and settings of the
   * environment that change numbers.
   */
  readonly library: string;
}

/** Programs beside the kernel that runs the cells: no cell imports them. */
const PROGRAMS = /^course[\\/](?!kernel[\\/])/;

/** The code that a point of `notebook` would be run by now. */
export function codeNow(notebook: Notebook, course = root): Code {
  return { notebook: notebookCode(notebook), library: libraryCode(course) };
}

/** The checksum of a notebook's code cells, those that papermill has injected aside. */
export function notebookCode(notebook: Notebook): string {
  const sources = notebook.cells.filter(isCode)
    .filter((cell) => !hasTag(cell, 'injected-parameters')).map(({ source }) => textOf(source));
  return digest(createHash('sha256').update(JSON.stringify(sources)));
}

function libraryCode(course: string): string {
  const hash = createHash('sha256').update(readFileSync(join(course, 'package-lock.json')))
    .update(foreignSettings().map((name) => `${name}=${process.env[name]}`).join());
  for (const room of ['lib', 'data']) {
    const folder = join(course, room);
    for (const file of filesIn(folder).filter((name) => !PROGRAMS.test(name)))
      hash.update(`\0${room}/${file.replaceAll('\\', '/')}\0`).update(
        readFileSync(join(folder, file)),
      );
  }
  return digest(hash);
}

/** The files below a folder by their paths in it, in one order on every machine; no Markdown. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/(^|[\\/])\.|\.md$/.test(name) && statSync(join(folder, name)).isFile())
    .sort();

const digest = (hash: Hash): string => hash.digest('hex').slice(0, 16);
