/**
 * Small changes to a source, each of which should make it wrong. Mutation testers such as Stryker
 * change the files of a project and run its tests; here a source is a text and its test is the
 * check of an exercise.
 */
import ts from 'typescript';

export interface Mutation {
  /** Line and change, such as `3: < → <=`; unique within its source. */
  readonly name: string;
  readonly source: string;
}

const OPERATORS: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '&&': '||',
  '||': '&&',
  '+=': '-=',
  '??': '&&',
};
const NAMES: Readonly<Record<string, string>> = { max: 'min', min: 'max', some: 'every',
  every: 'some', floor: 'ceil', ceil: 'floor', push: 'unshift' };

/** All mutations of a TypeScript source, in the order of the text; types are left alone. */
export function mutationsOf(source: string): Mutation[] {
  const file = ts.createSourceFile('answer.ts', source, ts.ScriptTarget.Latest, true);
  const found: Mutation[] = [];
  const replace = (node: ts.Node, text: string): void => {
    const [start, end] = [node.getStart(file), node.getEnd()];
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    const name = `${line}: ${source.slice(start, end)} → ${text}`;
    const count = found.filter((one) => one.name.startsWith(name)).length;
    found.push({ name: count > 0 ? `${name} (${count + 1})` : name,
      source: source.slice(0, start) + text + source.slice(end) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isBinaryExpression(node)) {
      const other = OPERATORS[node.operatorToken.getText(file)];
      if (other !== undefined) replace(node.operatorToken, other);
    }
    if (ts.isNumericLiteral(node)) replace(node, String(Number(node.text) + 1));
    if (node.kind === ts.SyntaxKind.TrueKeyword) replace(node, 'false');
    if (node.kind === ts.SyntaxKind.FalseKeyword) replace(node, 'true');
    if (ts.isElementAccessExpression(node))
      replace(node.argumentExpression, `(${node.argumentExpression.getText(file)}) + 1`);
    if (ts.isPropertyAccessExpression(node)) {
      const other = NAMES[node.name.text];
      if (other !== undefined) replace(node.name, other);
    }
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      replace(node, node.operand.getText(file));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
