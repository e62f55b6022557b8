/**
 * Rewrites the syntax of a cell, in addition to tslab's own rewriting (a name of an earlier cell
 * becomes `exports.name`).
 */
import type tsType from '@tslab/typescript-for-tslab';

/** The name under which a cell's code finds `check`, `wait` and `thrown` of running-cell.ts. */
export const HELPERS = '__course';

type Visit = (node: tsType.Node) => tsType.Node;

/** The node to use instead of `node`, already visited; undefined if tslab's own rule applies. */
export function transform(
  ts: typeof tsType,
  node: tsType.Node,
  checker: tsType.TypeChecker,
  earlier: tsType.SourceFile,
  visit: Visit,
): tsType.Node | undefined {
  const { factory } = ts;
  const children = <N extends tsType.Node>(parent: N): N =>
    ts.visitEachChild(parent, visit, (ts as unknown as Internal).getNullTransformationContext());
  const call = (name: string, value?: tsType.Expression): tsType.Expression =>
    factory.createCallExpression(
      factory.createPropertyAccessExpression(factory.createIdentifier(HELPERS), name),
      undefined,
      value ? [value] : [],
    );
  const withStart = (body: tsType.Statement, start: tsType.Expression): tsType.Block =>
    factory.createBlock(
      [factory.createExpressionStatement(start), ...ts.isBlock(body) ? body.statements : [body]],
      true,
    );

  if (ts.isShorthandPropertyAssignment(node)) {
    const symbol = checker.getShorthandAssignmentValueSymbol(node);
    if (!symbol?.declarations?.some((declaration) => declaration.getSourceFile() === earlier))
      return undefined;
    const name = factory.createPropertyAccessExpression(
      factory.createIdentifier('exports'),
      node.name.text,
    );
    const fallback = node.objectAssignmentInitializer;
    const value = fallback
      ? factory.createAssignment(name, visit(fallback) as tsType.Expression)
      : name;
    return factory.createPropertyAssignment(node.name.text, value);
  }
  // The `a` of `{ a: b }` names a property and never a variable of an earlier cell, even if its
  // type is declared in one.
  if (ts.isBindingElement(node) && node.propertyName && ts.isIdentifier(node.propertyName)) {
    const { dotDotDotToken, propertyName, name, initializer } = node;
    const value = initializer && visit(initializer) as tsType.Expression;
    return factory.updateBindingElement(
      node,
      dotDotDotToken,
      propertyName,
      visit(name) as tsType.BindingName,
      value,
    );
  }
  if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)) {
    return factory.updatePropertyAssignment(
      node,
      node.name,
      visit(node.initializer) as tsType.Expression,
    );
  }
  // Not a constructor, which may have to begin with super().
  if (
    ts.isFunctionLike(node) && 'body' in node && node.body && !ts.isConstructorDeclaration(node)
  ) {
    const { body } = node;
    const withCheck = (child: tsType.Node): tsType.Node => {
      if (child !== body) return visit(child);
      if (ts.isBlock(child)) return withStart(visit(child) as tsType.Block, call('check'));
      return factory.createParenthesizedExpression(
        factory.createComma(call('check'), visit(child) as tsType.Expression),
      );
    };
    return ts.visitEachChild(
      node,
      withCheck,
      (ts as unknown as Internal).getNullTransformationContext(),
    );
  }
  if (ts.isAwaitExpression(node)) {
    const { expression } = children(node);
    return ts.setTextRange(factory.createAwaitExpression(call('wait', expression)), node);
  }
  if (ts.isThrowStatement(node)) {
    const { expression } = children(node);
    return ts.setTextRange(factory.createThrowStatement(call('thrown', expression)), node);
  }
  if (ts.isForOfStatement(node)) {
    const { awaitModifier, initializer, expression, statement } = children(node);
    const start = awaitModifier ? factory.createAwaitExpression(call('wait')) : call('check');
    return factory.updateForOfStatement(
      node,
      awaitModifier,
      initializer,
      expression,
      withStart(statement, start),
    );
  }
  if (ts.isForInStatement(node)) {
    const { initializer, expression, statement } = children(node);
    return factory.updateForInStatement(
      node,
      initializer,
      expression,
      withStart(statement, call('check')),
    );
  }
  if (ts.isForStatement(node)) {
    const { initializer, condition, incrementor, statement } = children(node);
    const body = withStart(statement, call('check'));
    return factory.updateForStatement(node, initializer, condition, incrementor, body);
  }
  if (ts.isWhileStatement(node)) {
    const { expression, statement } = children(node);
    return factory.updateWhileStatement(node, expression, withStart(statement, call('check')));
  }
  if (ts.isDoStatement(node)) {
    const { expression, statement } = children(node);
    return factory.updateDoStatement(node, withStart(statement, call('check')), expression);
  }
  return undefined;
}

/** The names that a cell declares at its top level. */
export function declaredNames(ts: typeof tsType, text: string): ReadonlyMap<string, tsType.Symbol> {
  const file = ts.createSourceFile('cell.ts', text, ts.ScriptTarget.ES2022, true) as Bound;
  (ts as unknown as Internal).bindSourceFile(file, {});
  const names = new Map<string, tsType.Symbol>();
  for (const [escaped, symbol] of file.locals ?? []) {
    const name = ts.unescapeLeadingUnderscores(escaped);
    // TypeScript's own, such as `__global` of `declare global`, are not escaped
    const isInternal = escaped.startsWith('__') && name === String(escaped);
    if (!isInternal) names.set(name, symbol);
  }
  return names;
}

/** The names that a cell assigns to, such as `f` in `f = () => 1`. */
export function assignedNames(ts: typeof tsType, text: string): string[] {
  const names: string[] = [];
  const visit = (node: tsType.Node): void => {
    if (
      ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken
      && ts.isIdentifier(node.left)
    ) names.push(node.left.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('cell.ts', text, ts.ScriptTarget.ES2022, true));
  return names;
}

/** The names of the `let` and `var` variables at the top of a cell. */
export function variablesOf(ts: typeof tsType, text: string): string[] {
  const isVariable = ({ flags, valueDeclaration }: tsType.Symbol): boolean =>
    (flags & ts.SymbolFlags.Variable) !== 0 && valueDeclaration !== undefined
    && (ts.getCombinedNodeFlags(valueDeclaration) & ts.NodeFlags.Const) === 0
    && (ts.getCombinedModifierFlags(valueDeclaration) & ts.ModifierFlags.Ambient) === 0;
  return [...declaredNames(ts, text)].filter(([, symbol]) => isVariable(symbol)).map(([name]) =>
    name
  );
}

type Bound = tsType.SourceFile & { locals?: ReadonlyMap<tsType.__String & string, tsType.Symbol> };
interface Internal {
  bindSourceFile(file: tsType.SourceFile, options: tsType.CompilerOptions): void;
  getNullTransformationContext(): tsType.TransformationContext;
}
