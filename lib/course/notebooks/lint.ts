/** All rules for notebooks, together. */
import { libraryCopies, libraryStretches } from './copies';
import { floatingPromises } from './promises';
import { CellModule, type Finding, programOf, typeErrors } from './program';
import { type Named, proseFindings } from './prose';
import { staleVariables } from './stale';
import { structureFindings } from './structure';

/**
 * What breaks a rule in each notebook, by the notebook's name. The costly parts are made once for
 * all of them.
 */
export function lint(notebooks: readonly Named[]): Map<string, Finding[]> {
  const modules = notebooks.map(({ name, notebook }) => new CellModule(name, notebook));
  const program = programOf(modules);
  const library = libraryStretches();
  const prose = proseFindings(notebooks);
  return new Map(notebooks.map(({ name, notebook }, i) => {
    const module = modules[i] as CellModule;
    return [name, [
      ...structureFindings(name, notebook),
      ...typeErrors(module, program),
      ...floatingPromises(module, program),
      ...staleVariables(module, program),
      ...libraryCopies(name, notebook, library),
      ...prose.filter((finding) => finding.notebook === name),
    ]];
  }));
}

/** A finding as one line: notebook, cell, line, what is wrong. */
export function lineOf({ notebook, cell, line, message }: Finding): string {
  return `${notebook}, cell ${cell}${line === undefined ? '' : `, line ${line}`}: ${message}`;
}
