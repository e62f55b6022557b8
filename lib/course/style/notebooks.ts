/** All rules for notebooks. */
import { libraryCopies, libraryStretches } from './cells/library-copies';
import { CellModule, cellProgram, cellTypeErrors } from './cells/module';
import { markdownFindings, type Named } from './cells/markdown';
import { structureFindings } from './cells/structure';
import { eslintCellFindings } from './eslint';
import type { Finding } from './finding';
import { wideCellLines } from './width';

/**
 * The rules that the notebooks break, in their order; `pages` are Markdown files, which must follow
 * the same rules as text cells. The compiler and markdownlint run once for all of them.
 */
export async function notebookFindings(
  notebooks: readonly Named[],
  pages: readonly string[] = [],
): Promise<Finding[]> {
  const modules = notebooks.map(({ file, notebook }) => new CellModule(file, notebook));
  const program = cellProgram(modules);
  const library = libraryStretches();
  const found = await Promise.all(modules.map((module) => eslintCellFindings(module, program)));
  const code = modules.flatMap((module, i) => [
    ...cellTypeErrors(module, program),
    ...found[i]!,
  ]);
  const shape = notebooks.flatMap(({ file, notebook }) => [
    ...structureFindings(file, notebook),
    ...wideCellLines(file, notebook),
    ...libraryCopies(file, notebook, library),
  ]);
  const all = [...shape, ...code, ...markdownFindings(notebooks, pages)];
  const order = [...notebooks.map(({ file }) => file), ...pages];
  return all.sort((a, b) => order.indexOf(a.file) - order.indexOf(b.file));
}
