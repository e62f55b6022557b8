/**
 * Type errors of imported library files, found when a cell imports them.
 *
 * Checking the whole library takes a second or two. A result without errors is cached in
 * `.cache/typecheck`, under the hash of everything that it depends on: the texts of the files, the
 * settings, the lock file.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type tsType from '@tslab/typescript-for-tslab';

/** The declarations of what browsers have: the library's types need some of them. */
const BROWSER = /[\\/]lib\.dom(\.\w+)?\.d\.ts$/;

type Check = (
  ts: typeof tsType,
  program: tsType.Program,
  cell: tsType.SourceFile,
) => readonly tsType.Diagnostic[];

/** The files of the project that `cell` imports, and those that they import. */
function imported(program: tsType.Program, cell: tsType.SourceFile): tsType.SourceFile[] {
  const found = new Set<tsType.SourceFile>([cell]);
  for (const file of found) {
    (file as Resolved).resolvedModules?.forEach(({ resolvedModule }) => {
      const name = resolvedModule?.resolvedFileName ?? '';
      const next = /\.ts$/.test(name) && !/\.d\.ts$|\/node_modules\//.test(name)
        && program.getSourceFile(name);
      if (next) found.add(next);
    });
  }
  found.delete(cell);
  return [...found].sort((a, b) => a.fileName < b.fileName ? -1 : 1);
}

/**
 * The diagnostics of a cell, with an error for each value that only a browser has instead of those
 * about how it is used.
 */
function withoutBrowser(
  ts: typeof tsType,
  program: tsType.Program,
  cell: tsType.SourceFile,
  found: readonly tsType.Diagnostic[],
): tsType.Diagnostic[] {
  const checker = program.getTypeChecker();
  const missing: tsType.Diagnostic[] = [];
  const uses: tsType.Node[] = [];
  const visit = (node: tsType.Node): void => {
    if (ts.isTypeNode(node) || ts.isTypeOfExpression(node)) return;
    ts.forEachChild(node, visit);
    if (!ts.isIdentifier(node) || node.text in globalThis) return;
    const { parent } = node;
    const shorthand = ts.isShorthandPropertyAssignment(parent);
    const declares = 'name' in parent && parent.name === node;
    if (declares && !shorthand && !ts.isPropertyAccessExpression(parent)) return;
    const symbol = shorthand
      ? checker.getShorthandAssignmentValueSymbol(parent)
      : checker.getSymbolAtLocation(node);
    const declaration = symbol?.valueDeclaration;
    const isGlobal = declaration !== undefined
      && (ts.isVariableDeclaration(declaration) || ts.isFunctionDeclaration(declaration));
    if (!isGlobal || !BROWSER.test(declaration.getSourceFile().fileName)) return;
    uses.push(parent);
    missing.push({ category: ts.DiagnosticCategory.Error, code: 2304, file: cell,
      start: node.getStart(cell), length: node.text.length,
      messageText: `Cannot find name '${node.text}': only browsers have it.` });
  };
  visit(cell);
  const isOfUse = ({ start = 0 }: tsType.Diagnostic): boolean =>
    uses.some((use) => start >= use.getStart(cell) && start < use.end);
  return [...missing, ...found.filter((diagnostic) => !isOfUse(diagnostic))];
}

const textOf = (file: string): string => existsSync(file) ? readFileSync(file, 'utf8') : '';

/**
 * A function that checks a cell, and its imported files unless the cache lists them as free of
 * errors.
 */
export function diagnose(root: string): Check {
  const folder = path.join(root, '.cache', 'typecheck');
  const settings = ['tsconfig.json', 'package-lock.json'].map((name) =>
    textOf(path.join(root, name))
  ).join('\0');
  const clean = new Set<string>();

  return (ts, program, cell) => {
    // Not whether declarations can state all types: that is no error of the code.
    const check = (files: tsType.SourceFile[]): readonly tsType.Diagnostic[] =>
      files.flatMap((file) => [
        ...program.getSyntacticDiagnostics(file),
        ...program.getSemanticDiagnostics(file),
      ]);
    const own = withoutBrowser(ts, program, cell, check([cell]));
    const files = imported(program, cell);
    if (files.length === 0) return own;

    const hash = createHash('sha256').update(`${ts.version}\0${settings}`);
    for (const file of files) hash.update(`\0${file.fileName}\0${file.text}`);
    const key = hash.digest('hex');
    if (clean.has(key) || existsSync(path.join(folder, key))) return own;

    const found = check(files);
    if (found.length > 0) return [...found, ...own];
    clean.add(key);
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, key), '');
    } catch {
      // A full disk or a protected folder: without the cache every kernel checks again.
    }
    return own;
  };
}

type Resolved = tsType.SourceFile & {
  resolvedModules?: {
    forEach(visit: (found: { resolvedModule?: tsType.ResolvedModule }) => void): void;
  };
};
