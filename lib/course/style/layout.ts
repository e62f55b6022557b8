/**
 * Lays out code with dprint's TypeScript plugin, which TypeScript's own repository uses. It comes
 * from npm as WebAssembly, so it is the same on every machine. It fills lines, while most
 * formatters put each argument on a line of its own.
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
  'jsx.quoteStyle': 'preferDouble',
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

/** Calls of the kernels pass up to fourteen numbers: their arguments fill lines, too. */
const KERNELS = { ...SETTINGS, 'arguments.preferHanging': 'always',
  'parameters.preferHanging': 'always' } as const;

const isKernel = (file: string): boolean => /(^|[\\/])tensor[\\/]fast[\\/]/.test(file);

const formatters = new Map<string, Formatter>();

function formatterFor(file: string, lineWidth: number): Formatter {
  const settings = isKernel(file) ? KERNELS : SETTINGS;
  const key = `${settings === KERNELS} ${lineWidth}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = createFromBuffer(readFileSync(getPath()));
    formatter.setConfig({ lineWidth, indentWidth: 2, newLineKind: 'lf' }, settings);
    formatters.set(key, formatter);
  }
  return formatter;
}

/**
 * The text of a file in the course's layout. AssemblyScript's `@inline` before a function is not
 * TypeScript, and dprint would drop it, so it is a comment while dprint runs.
 * @throws Error with the place, if the text has a syntax error
 */
export function layOut(name: string, text: string, width: number = FILE_WIDTH): string {
  const formatter = formatterFor(name, width);
  const once = (fileText: string): string => formatter.formatText({ filePath: name, fileText });
  // Formats twice, because lines that the first run folded may then fit differently.
  const laidOut = once(once(text.replace(/^@inline$/gm, '// @inline')));
  return laidOut.replace(/^\/\/ @inline$/gm, '@inline');
}

/** The code of a notebook's cell in the course's layout, without a newline at its end. */
export function layOutCell(source: string): string {
  return layOut('cell.ts', source, CELL_WIDTH).replace(/\n+$/, '');
}
