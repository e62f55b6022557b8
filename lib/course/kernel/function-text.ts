/**
 * The text of a function of a cell, as `f.toString()` shows it: without the calls that make it
 * interruptible, and with the names of earlier cells as they were written.
 */
import type tsType from '@tslab/typescript-for-tslab';
import { HELPERS } from './transform';

/** From now on functions of cells show their own text. */
export function showFunctionsPlainly(ts: typeof tsType): void {
  const original = Object.getOwnPropertyDescriptor(Function.prototype, 'toString')!
    .value as () => string;
  function plainly(this: unknown): string {
    const text = original.call(this);
    return text.includes(`${HELPERS}.`) ? withoutHelpers(ts, text) : text;
  }
  Object.defineProperty(Function.prototype, 'toString', { value: plainly, configurable: true,
    writable: true });
}

/** A function, a class or a method is an expression only inside one of these. */
const CONTEXTS = [['(', ')'], ['({', '})'], ['(class {', '})']] as const;

function withoutHelpers(ts: typeof tsType, text: string): string {
  for (const [before, after] of CONTEXTS) {
    const whole = `${before}${text}${after}`;
    const file = ts.createSourceFile('cell.js', whole, ts.ScriptTarget.ES2022, true) as Parsed;
    if (file.parseDiagnostics.length === 0)
      return clean(ts, file).slice(before.length, -after.length);
  }
  return text;
}

/** The text of `file` without the helpers. */
function clean(ts: typeof tsType, file: tsType.SourceFile): string {
  const cuts: [from: number, to: number][] = [];
  const isHelper = (node: tsType.Node): node is tsType.CallExpression =>
    ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)
    && node.expression.expression.getText() === HELPERS;
  const visit = (node: tsType.Node): void => {
    if (ts.isExpressionStatement(node) && isHelper(node.expression))
      cuts.push([node.pos, node.end]);
    else if (
      ts.isParenthesizedExpression(node) && ts.isBinaryExpression(node.expression)
      && isHelper(node.expression.left)
    ) {
      // `(check(), value)`
      const { right } = node.expression;
      cuts.push([node.getStart(), right.getStart()], [right.end, node.end]);
      visit(right);
    } else if (isHelper(node)) {
      const [value] = node.arguments;
      if (value) cuts.push([node.getStart(), value.getStart()], [value.end, node.end]);
      ts.forEachChild(node, visit);
    } else if (ts.isPropertyAccessExpression(node) && node.expression.getText() === 'exports') {
      cuts.push([node.getStart(), node.name.getStart()]);
    } else ts.forEachChild(node, visit);
  };
  visit(file);
  let text = file.text;
  for (const [from, to] of cuts.sort((a, b) => b[0] - a[0]))
    text = text.slice(0, from) + text.slice(to);
  return text;
}

type Parsed = tsType.SourceFile & { readonly parseDiagnostics: readonly unknown[] };
