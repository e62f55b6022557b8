/**
 * The code cells of a notebook as one TypeScript module, for the project's own compiler and linter
 * to read.
 */
import ts from 'typescript';
import { basename, join } from 'node:path';
import { isCode, type Notebook, root, textOf } from './notebook';

/** What a rule has to say about a place in a notebook. `line` counts from 1 inside the cell. */
export interface Finding {
  notebook: string;
  cell: string;
  line?: number;
  message: string;
}

/** Code cells, one after the other, as the text of a module. */
export class CellModule {
  readonly text: string;
  private readonly starts: { cell: string; line: number }[] = [];

  constructor(readonly notebook: string, { cells }: Notebook) {
    const lines: string[] = [];
    for (const cell of cells.filter(isCode)) {
      this.starts.push({ cell: cell.id, line: lines.length });
      // The lone semicolon ends the cell's last statement: a cell may begin with a bracket.
      lines.push(...textOf(cell.source).split('\n'), ';');
    }
    this.text = `${lines.join('\n')}\nexport {};\n`;
  }

  /**
   * The path under which compiler and linter see the module: beside the notebook, so that its
   * imports resolve.
   */
  get path(): string {
    return join(root, 'notebooks', `${basename(this.notebook, '.ipynb')}.cells.ts`);
  }

  /** The cell that a line of the module (from 0) came from, and the line inside it (from 1). */
  place(line: number): { cell: string; line: number } {
    const start = [...this.starts].reverse().find((one) => one.line <= line);
    return start ? { cell: start.cell, line: line - start.line + 1 } : { cell: '(none)', line };
  }

  finding(line: number, message: string): Finding {
    return { notebook: this.notebook, ...this.place(line), message };
  }
}

/** A TypeScript program over the modules, under the project's own strict settings. */
export function programOf(modules: readonly CellModule[]): ts.Program {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  // Cells may await at the top level, which a CommonJS module may not; a name may be there for the
  // reader alone.
  const settings: ts.CompilerOptions = { ...options, module: ts.ModuleKind.ES2022,
    noUnusedLocals: false };
  const texts = new Map(modules.map((module) => [module.path, module.text]));
  const host = ts.createCompilerHost(settings, true);
  const { fileExists, readFile } = host;
  host.fileExists = (file) => texts.has(join(file)) || fileExists(file);
  host.readFile = (file) => texts.get(join(file)) ?? readFile(file);
  host.getSourceFile = (file, version) => {
    const text = host.readFile(file);
    return text === undefined ? undefined : ts.createSourceFile(file, text, version, true);
  };
  return ts.createProgram([...texts.keys()], settings, host);
}

/**
 * Type errors in the cells, and names that two cells declare, as the project's compiler reports
 * them.
 */
export function typeErrors(module: CellModule, program: ts.Program): Finding[] {
  const file = sourceOf(module, program);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
    (error) => {
      const { line } = file.getLineAndCharacterOfPosition(error.start ?? 0);
      return module.finding(
        line,
        `TS${error.code}: ${ts.flattenDiagnosticMessageText(error.messageText, ' ')}`,
      );
    },
  );
}

export function sourceOf(module: CellModule, program: ts.Program): ts.SourceFile {
  const file = program.getSourceFile(module.path);
  if (!file) throw new Error(`${module.path} is not part of the program`);
  return file;
}
