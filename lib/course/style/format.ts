/**
 * `npm run format [-- --check]` lays out all code and all cells anew; with `--check` it only says
 * what it would change.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Cell, findNotebooks, isCode, notebookText, readNotebook, root,
  textOf } from '../notebooks/notebook';
import { codeFiles } from './files';
import { layOut, layOutCell } from './layout';

/** Names of the files whose layout is not the course's; unless `check`, they are written anew. */
export function format({ check }: { check: boolean }): string[] {
  const changed: string[] = [];
  const put = (name: string, path: string, before: string, after: string): void => {
    if (before === after) return;
    changed.push(name);
    if (!check) writeFileSync(path, after);
  };
  for (const file of codeFiles()) {
    const path = join(root, file);
    const text = readFileSync(path, 'utf8');
    put(file, path, text, layOut(file, text));
  }
  for (const path of findNotebooks()) {
    const notebook = readNotebook(path);
    const cells = notebook.cells.map((
      cell,
    ): Cell => (isCode(cell) ? { ...cell, source: layOutCell(textOf(cell.source)) } : cell));
    put(basename(path), path, notebookText(notebook), notebookText({ ...notebook, cells }));
  }
  return changed;
}

if (require.main === module) {
  const check = process.argv.includes('--check');
  const changed = format({ check });
  console.log(changed.length > 0 ? changed.join('\n') : 'Everything has its layout.');
  if (check && changed.length > 0) process.exitCode = 1;
}
