/**
 * How code is laid out: by dprint's TypeScript plugin, the formatter of TypeScript's own
 * repository. It comes from npm as WebAssembly, so it is the same on every machine. It fills lines,
 * where most formatters put each argument on a line of its own.
 */
import { createFromBuffer, type Formatter } from '@dprint/formatter';
import { getPath } from '@dprint/typescript';
import { readFileSync } from 'node:fs';

/**
 * The most columns of a line in a file, and in a notebook's cell: GitHub and exported pages show
 * them without cutting them off.
 */
export const [FILE_WIDTH, CELL_WIDTH] = [100, 88];

const SETTINGS = {
  quoteStyle: 'preferSingle',
  useBraces: 'maintain',
  singleBodyPosition: 'maintain',
  nextControlFlowPosition: 'sameLine',
  'arrowFunction.useParentheses': 'force',
  'objectExpression.preferHanging': true,
  'objectPattern.preferHanging': true,
  'importDeclaration.preferHanging': true,
  'exportDeclaration.preferHanging': true,
  'module.sortImportDeclarations': 'maintain',
  'module.sortExportDeclarations': 'maintain',
} as const;

const formatters = new Map<number, Formatter>();

function formatterFor(lineWidth: number): Formatter {
  let formatter = formatters.get(lineWidth);
  if (!formatter) {
    formatter = createFromBuffer(readFileSync(getPath()));
    formatter.setConfig({ lineWidth, indentWidth: 2, newLineKind: 'lf' }, SETTINGS);
    formatters.set(lineWidth, formatter);
  }
  return formatter;
}

/**
 * The text of a file in the course's layout. AssemblyScript's `@inline` before a function is not
 * TypeScript, and dprint would drop it, so it is turned into a comment meanwhile.
 * @throws Error with the place, if the text has a syntax error
 */
export function layOut(name: string, text: string, width: number = FILE_WIDTH): string {
  const hidden = text.replace(/^@inline$/gm, '// @inline');
  return formatterFor(width).formatText({ filePath: name, fileText: hidden }).replace(
    /^\/\/ @inline$/gm,
    '@inline',
  );
}

/** The code of a notebook's cell in the course's layout, without a newline at its end. */
export function layOutCell(source: string): string {
  return layOut('cell.ts', source, CELL_WIDTH).replace(/\n+$/, '');
}
