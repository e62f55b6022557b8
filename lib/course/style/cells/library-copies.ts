/**
 * Finds library code that is repeated in a notebook, where it would be out of date once the library
 * changes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isCode, type Notebook, textOf } from '../../notebooks/notebook';
import { root } from '../../setup/paths.mjs';
import type { Finding } from '../finding';

/** This many equal lines in a row, without comments and empty lines, count as a copy. */
const copiedLines = 5;

/** The library's runs of `copiedLines` lines, each with the file that holds it. */
export type Stretches = ReadonlyMap<string, string>;

/**
 * Reads all of lib except the programs around the notebooks, and the exercises, from which cells of
 * the notebooks are made.
 */
export function libraryStretches(): Stretches {
  const lib = join(root, 'lib');
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/^(course|exercises)\b/.test(file));
  return new Map(files.flatMap((file) => {
    const path = join(lib, file);
    return stretches(readFileSync(path, 'utf8')).map(({ key }) =>
      [key, relative(root, path)] as const
    );
  }));
}

/** The first copied run of lines of each code cell. */
export function libraryCopies(file: string, { cells }: Notebook, library: Stretches): Finding[] {
  return cells.filter(isCode).flatMap((cell) => {
    const copy = stretches(textOf(cell.source)).find(({ key }) => library.has(key));
    if (!copy) return [];
    return [{
      file,
      cell: cell.id,
      line: copy.line,
      message: `these lines are a copy from ${library.get(copy.key)}: `
        + 'import them, or show them from the file',
    }];
  });
}

function stretches(text: string): { key: string; line: number }[] {
  const lines = text.split('\n')
    .map((content, i) => ({ content: content.trim(), line: i + 1 }))
    .filter(({ content }) => content !== '' && !/^(\/\/|\/?\*|import\b|export \{)/.test(content));
  return lines.slice(0, Math.max(0, lines.length - copiedLines + 1)).map(({ line }, i) => ({
    key: lines.slice(i, i + copiedLines).map(({ content }) => content).join('\n'),
    line,
  }));
}
