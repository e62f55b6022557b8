/**
 * What is changed in the text of a cell before it is compiled, so that legal code which TypeScript
 * or tslab refuses in a cell runs. Lines and columns stay where they are, as far as that is
 * possible.
 */
import type tsType from '@tslab/typescript-for-tslab';

/** Makes a text a module, as tslab does; a top-level `await` is parsed only there. */
export const MODULE = 'export {};\n';

/** TypeScript's code for an unterminated string. */
const UNTERMINATED = 1002;

/** Parses a text, with the syntax errors that it has. */
export const parse = (ts: typeof tsType, text: string): Parsed =>
  ts.createSourceFile('cell.ts', text, ts.ScriptTarget.ES2022, true) as Parsed;

/** The text of a cell as it is compiled. */
export function prepare(ts: typeof tsType, source: string): string {
  return printLastObject(ts, withoutExports(ts, escapeSeparators(ts, source)));
}

/** Whether a cell awaits something outside its functions. */
export function awaitsAtTop(ts: typeof tsType, source: string): boolean {
  const awaits = (node: tsType.Node): boolean =>
    ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)
    || (!ts.isFunctionLike(node) && !ts.isModuleDeclaration(node)
      && ts.forEachChild(node, (child) => awaits(child) || undefined) === true);
  return awaits(parse(ts, MODULE + source));
}

/**
 * Writes U+2028 and U+2029 as escapes where they are in a string: JavaScript allows them there
 * since 2019, this TypeScript ends the string.
 */
function escapeSeparators(ts: typeof tsType, source: string): string {
  let text = source;
  for (;;) {
    const ends = parse(ts, text).parseDiagnostics.filter(({ code }) => code === UNTERMINATED).map((
      { start, length },
    ) => start + length);
    const at = ends.find((end) => text[end] === '\u2028' || text[end] === '\u2029');
    if (at === undefined) return text;
    const escape = text[at] === '\u2028' ? '\\u2028' : '\\u2029';
    text = text.slice(0, at) + escape + text.slice(at + 1);
  }
}

/** Blanks `export`: all names of a cell are exported. */
function withoutExports(ts: typeof tsType, source: string): string {
  let text = source;
  const blank = (from: number, to: number): void => {
    text = text.slice(0, from) + text.slice(from, to).replace(/[^\n]/g, ' ') + text.slice(to);
  };
  for (const statement of parse(ts, source).statements) {
    if (ts.isExportDeclaration(statement) && !statement.moduleSpecifier)
      blank(statement.getStart(), statement.end);
    if (ts.isExportAssignment(statement) && !statement.isExportEquals)
      blank(statement.getStart(), statement.expression.getStart());
    if (!ts.canHaveModifiers(statement)) continue;
    const words = (statement.modifiers ?? []).filter(({ kind }) =>
      kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword
    );
    // `export default function () {}` has no name, and is a statement only so
    const named = !('name' in statement) || statement.name !== undefined;
    if (named) words.forEach((word) => blank(word.getStart(), word.end));
  }
  return text;
}

/**
 * Puts parentheses around an object literal that ends a cell: by itself it is a block, whose value
 * would not be printed.
 */
function printLastObject(ts: typeof tsType, source: string): string {
  const { statements } = parse(ts, source);
  const at = statements.findIndex((statement) =>
    ts.isBlock(statement) && isObject(ts, source.slice(statement.getStart()))
  );
  const block = statements[at];
  if (!block) return source;
  const start = block.getStart();
  // Where the statement before ends without a semicolon, the parenthesis would call it.
  const before = statements[at - 1];
  const [open, opening] = before ? [before.end, ';('] : [start, '('];
  return `${source.slice(0, open)}${opening}${source.slice(open)}\n)`;
}

function isObject(ts: typeof tsType, text: string): boolean {
  const { statements: [only, ...others], parseDiagnostics } = parse(ts, `(${text}\n)`);
  return parseDiagnostics.length === 0 && others.length === 0 && only !== undefined
    && ts.isExpressionStatement(only) && ts.isParenthesizedExpression(only.expression)
    && ts.isObjectLiteralExpression(only.expression.expression);
}

export type Parsed = tsType.SourceFile & {
  readonly parseDiagnostics: tsType.DiagnosticWithLocation[];
};
