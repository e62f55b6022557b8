/** Brackets of a text that are not closed, as TypeScript's parser sees it. */
import type tsType from '@tslab/typescript-for-tslab';

/** A bracket that is not closed, and where its contents end. */
export interface OpenPair {
  readonly token: string;
  /** Where the bracket stands. */
  readonly open: number;
  readonly end: number;
}

/** The places of a brace and of the one that closes it. */
interface Closed {
  readonly open: number;
  readonly close: number;
}

/** The brackets that are not closed, in the order of the text. */
export function openPairs(ts: typeof tsType, file: tsType.SourceFile): OpenPair[] {
  const found: OpenPair[] = [];
  eachParent(ts, file, (node, children) => {
    for (const [i, child] of children.entries()) {
      const closing = closingOf(ts, child.kind);
      if (closing === undefined || children.slice(i).some(({ kind }) => kind === closing)) continue;
      found.push({ token: child.getText(file), open: child.getStart(file), end: node.end });
    }
    if (ts.isTemplateSpan(node) && node.literal.getText(file) === '') {
      const { parent } = node;
      const before = parent.templateSpans[parent.templateSpans.indexOf(node) - 1]?.literal;
      found.push({ token: '${', open: (before ?? parent.head).end - 2, end: node.end });
    }
  });
  return found.sort((a, b) => a.open - b.open);
}

/**
 * The braces that are closed by a brace with less indentation than their statement, those that are
 * closed first coming first: the parser has paired the first with the brace of a statement around
 * it, because its own is missing.
 */
export function misindentedPairs(ts: typeof tsType, file: tsType.SourceFile): Closed[] {
  const found: Closed[] = [];
  const indentation = (at: number): number => {
    const { line } = file.getLineAndCharacterOfPosition(at);
    return file.text.slice(file.getPositionOfLineAndCharacter(line, 0)).search(/\S|$/);
  };
  eachParent(ts, file, (node, children) => {
    const open = children.find(({ kind }) => kind === ts.SyntaxKind.OpenBraceToken);
    const close = children.filter(({ kind }) => kind === ts.SyntaxKind.CloseBraceToken).at(-1);
    if (!open || !close) return;
    const [from, to] = [open.getStart(file), close.getStart(file)];
    const { line, character } = file.getLineAndCharacterOfPosition(to);
    if (line === file.getLineAndCharacterOfPosition(from).line) return;
    if (indentation(to) < character) return; // something stands before the brace
    let statement = node;
    while (!isStatement(ts, statement) && !ts.isSourceFile(statement.parent))
      statement = statement.parent;
    const own = Math.min(indentation(from), indentation(statement.getStart(file)));
    if (character < own) found.push({ open: from, close: to });
  });
  return found.sort((a, b) => a.close - b.close);
}

const isStatement = (ts: typeof tsType, node: tsType.Node): boolean =>
  ts.isStatement(node) && !ts.isBlock(node) || ts.isClassElement(node);

function closingOf(ts: typeof tsType, kind: tsType.SyntaxKind): tsType.SyntaxKind | undefined {
  switch (kind) {
    case ts.SyntaxKind.OpenBraceToken:
      return ts.SyntaxKind.CloseBraceToken;
    case ts.SyntaxKind.OpenParenToken:
      return ts.SyntaxKind.CloseParenToken;
    case ts.SyntaxKind.OpenBracketToken:
      return ts.SyntaxKind.CloseBracketToken;
    case ts.SyntaxKind.LessThanToken:
      return ts.SyntaxKind.GreaterThanToken;
    default:
      return undefined;
  }
}

/** Calls `seen` with every node that has children, and with them: its tokens are among them. */
function eachParent(
  ts: typeof tsType,
  file: tsType.SourceFile,
  seen: (node: tsType.Node, children: readonly tsType.Node[]) => void,
): void {
  const visit = (node: tsType.Node): void => {
    const children = node.getChildren(file).filter((child) => !ts.isJSDoc(child));
    if (children.length === 0) return;
    // `a < b` is no pair
    if (!ts.isBinaryExpression(node)) seen(node, children);
    children.forEach(visit);
  };
  visit(file);
}
