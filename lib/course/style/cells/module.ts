/** The code cells of a notebook as one TypeScript module, which the compiler and ESLint read. */
import { basename, join } from 'node:path';
import ts from 'typescript';
import { cellOptions } from '../../kernel/compiler-options';
import { isCode, type Notebook, textOf } from '../../notebooks/notebook';
import { root } from '../../setup/paths.mjs';
import { settingsOf } from '../compiler';
import type { Finding } from '../finding';

/** Code cells, one after the other, as the text of a module. */
export class CellModule {
  readonly text: string;
  private readonly starts: { cell: string; line: number }[] = [];

  /** `file` is the notebook's path from the folder of package.json. */
  constructor(readonly file: string, { cells }: Notebook) {
    const lines: string[] = [];
    for (const cell of cells.filter(isCode)) {
      this.starts.push({ cell: cell.id, line: lines.length });
      // The semicolon ends the cell's last statement, because a cell may begin with a bracket.
      lines.push(...textOf(cell.source).split('\n'), ';');
    }
    this.text = `${lines.join('\n')}\nexport {};\n`;
  }

  /**
   * The path for the compiler and ESLint: beside the notebook, so that its imports resolve. No file
   * is written there.
   */
  get path(): string {
    return join(root, 'notebooks', `${basename(this.file, '.ipynb')}.cells.ts`);
  }

  /** A finding at a line of the module, which counts from 0. */
  finding(line: number, message: string): Finding {
    const start = [...this.starts].reverse().find((one) => one.line <= line);
    if (!start) return { file: this.file, cell: '(none)', line: line + 1, message };
    return { file: this.file, cell: start.cell, line: line - start.line + 1, message };
  }
}

/**
 * A TypeScript program over the modules, with the project's settings as far as they apply to cells.
 */
export function cellProgram(modules: readonly CellModule[]): ts.Program {
  // Cells may await at the top level, which a CommonJS module may not.
  const options: ts.CompilerOptions = { ...settingsOf('tsconfig.json').options, ...cellOptions,
    module: ts.ModuleKind.ES2022 };
  const texts = new Map(modules.map((module) => [module.path, module.text]));
  const host = ts.createCompilerHost(options, true);
  const original = { ...host };
  host.fileExists = (file) => texts.has(join(file)) || original.fileExists(file);
  host.readFile = (file) => texts.get(join(file)) ?? original.readFile(file);
  host.getSourceFile = (file, version) => {
    const text = host.readFile(file);
    return text === undefined ? undefined : ts.createSourceFile(file, text, version, true);
  };
  return ts.createProgram([...texts.keys()], options, host);
}

/** Type errors in the cells, and names that two cells declare. */
export function cellTypeErrors(module: CellModule, program: ts.Program): Finding[] {
  const file = sourceOf(module, program);
  const errors = [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ];
  return errors.map(({ start, code, messageText }) =>
    module.finding(
      file.getLineAndCharacterOfPosition(start ?? 0).line,
      `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    )
  );
}

/** @throws Error if the module is not part of the program */
function sourceOf(module: CellModule, program: ts.Program): ts.SourceFile {
  const file = program.getSourceFile(module.path);
  if (!file) throw new Error(`${module.path} is not part of the program`);
  return file;
}
