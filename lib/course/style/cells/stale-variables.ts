/**
 * Finds variables of which a function would keep an old value. The kernel compiles each cell on its
 * own, so a function keeps the `let` of its own cell. When a later cell assigns to the name, there
 * are two values from then on, and no error is reported.
 */
import ts from 'typescript';
import type { Finding } from '../finding';
import { type CellModule, sourceOf } from './module';

/** Assignments to a top-level `let` of a different cell that is used in a function. */
export function staleVariables(module: CellModule, program: ts.Program): Finding[] {
  const file = sourceOf(module, program);
  const checker = program.getTypeChecker();
  const uses = new Map<
    ts.Symbol,
    { declaredIn: string; inFunction: boolean; assigned: ts.Identifier[] }
  >();

  const finding = (node: ts.Node, message: string): Finding =>
    module.finding(file.getLineAndCharacterOfPosition(node.getStart()).line, message);
  const cellOf = (node: ts.Node): string => finding(node, '').cell ?? '';
  const visit = (node: ts.Node, inFunction: boolean): void => {
    if (ts.isIdentifier(node)) note(node, inFunction);
    ts.forEachChild(node, (child) => visit(child, inFunction || ts.isFunctionLike(node)));
  };
  const note = (node: ts.Identifier, inFunction: boolean): void => {
    const symbol = ts.isShorthandPropertyAssignment(node.parent)
      ? checker.getShorthandAssignmentValueSymbol(node.parent)
      : checker.getSymbolAtLocation(node);
    const declaration = symbol?.valueDeclaration;
    if (
      !symbol || !declaration || declaration.getSourceFile() !== file || !isTopLevelLet(declaration)
    ) return;
    const use = uses.get(symbol)
      ?? { declaredIn: cellOf(declaration), inFunction: false, assigned: [] };
    use.inFunction ||= inFunction;
    if (isAssigned(node) && cellOf(node) !== use.declaredIn) use.assigned.push(node);
    uses.set(symbol, use);
  };
  visit(file, false);

  return [...uses.values()].filter(({ inFunction }) => inFunction).flatMap((
    { declaredIn, assigned },
  ) =>
    assigned.map((node) =>
      finding(
        node,
        `"${node.text}" is a let of cell ${declaredIn} and a function uses it: the function would `
          + 'keep the old value; keep the state in an object instead',
      )
    )
  );
}

function isTopLevelLet(declaration: ts.Declaration): boolean {
  let node: ts.Node = declaration;
  while (
    ts.isBindingElement(node) || ts.isObjectBindingPattern(node) || ts.isArrayBindingPattern(node)
  ) {
    node = node.parent;
  }
  return ts.isVariableDeclaration(node) && ts.isVariableDeclarationList(node.parent)
    && !(node.parent.flags & ts.NodeFlags.Const)
    && ts.isVariableStatement(node.parent.parent) && ts.isSourceFile(node.parent.parent.parent);
}

/**
 * Whether the name is written to: `x = …`, `x += …`, `x++`, `[x] = …`, `({ x } = …)`,
 * `for (x of …)`.
 */
function isAssigned(name: ts.Identifier): boolean {
  let node: ts.Node = name;
  for (;;) {
    const { parent } = node;
    if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) {
      return parent.operator === ts.SyntaxKind.PlusPlusToken
        || parent.operator === ts.SyntaxKind.MinusMinusToken;
    }
    if (ts.isBinaryExpression(parent))
      return parent.left === node && isAssignment(parent.operatorToken.kind);
    if (ts.isForOfStatement(parent) || ts.isForInStatement(parent))
      return parent.initializer === node;
    const inPattern = ts.isArrayLiteralExpression(parent) || ts.isObjectLiteralExpression(parent)
      || ts.isShorthandPropertyAssignment(parent) || ts.isSpreadElement(parent)
      || ts.isSpreadAssignment(parent)
      || ts.isParenthesizedExpression(parent)
      || (ts.isPropertyAssignment(parent) && parent.initializer === node);
    if (!inPattern) return false;
    node = parent;
  }
  return false;
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}
