/** Lines that are too wide, including comments and strings, which the formatter does not break. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isCode, type Notebook, textOf } from '../notebooks/notebook';
import { root } from '../setup/paths.mjs';
import type { Finding } from './finding';
import { CELL_WIDTH, FILE_WIDTH } from './layout';

/** Lines of code files that are wider than 100 columns. */
export function wideLines(files: readonly string[]): Finding[] {
  return files.flatMap((file) =>
    tooWide(readFileSync(join(root, file), 'utf8'), FILE_WIDTH).map((found) => ({ file, ...found }))
  );
}

/** Lines of code cells that are wider than 88 columns. */
export function wideCellLines(file: string, { cells }: Notebook): Finding[] {
  return cells.filter(isCode).flatMap(({ id, source }) =>
    tooWide(textOf(source), CELL_WIDTH).map((found) => ({ file, cell: id, ...found }))
  );
}

function tooWide(text: string, most: number): { line: number; message: string }[] {
  return text.split('\n').flatMap(({ length }, i) =>
    length > most ? [{ line: i + 1, message: `${length} columns wide, ${most} at most` }] : []
  );
}
