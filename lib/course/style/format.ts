/**
 * `npm run format [-- --check]`: lays out all code and all cells, and writes the cells of the
 * exercises as their modules say.
 */
import { readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { writeWholeSync } from '../../base/write-file';
import { withExercises } from '../notebooks/exercise-cells';
import { type Cell, findNotebooks, isCode, notebookText, readNotebook,
  textOf } from '../notebooks/notebook';
import { root } from '../setup/paths.mjs';
import { commandLine, runProgram } from '../setup/program.mjs';
import { codeFiles } from './files';
import { layOut, layOutCell } from './layout';

const USAGE = `npm run format                lays out all code and all cells of the notebooks
npm run format -- --check     only lists the files that it would change; exit code 1 if any`;

/** The files that are not in the course's layout; without `check` they are rewritten. */
export function format({ check }: { check: boolean }): string[] {
  const changed: string[] = [];
  const put = (path: string, before: string, after: string): void => {
    if (before === after) return;
    changed.push(relative(root, path).replaceAll('\\', '/'));
    if (!check) writeWholeSync(path, after);
  };
  for (const file of codeFiles()) {
    const path = join(root, file);
    const text = readFileSync(path, 'utf8');
    put(path, text, layOut(file, text));
  }
  for (const path of findNotebooks()) {
    const notebook = readNotebook(path);
    const number = /^[\d.]+(?=-)/.exec(basename(path))?.[0] ?? '';
    const cells = withExercises(notebook, number).cells.map((cell): Cell =>
      isCode(cell) ? { ...cell, source: layOutCell(textOf(cell.source)) } : cell
    );
    put(path, notebookText(notebook), notebookText({ ...notebook, cells }));
  }
  return changed;
}

if (require.main === module) {
  void runProgram(() => {
    const { values } = commandLine(
      { options: { check: { type: 'boolean', default: false } } },
      USAGE,
    );
    const changed = format(values);
    console.log(changed.length > 0 ? changed.join('\n') : "All code is in the course's layout.");
    return values.check && changed.length > 0 ? 1 : 0;
  });
}
