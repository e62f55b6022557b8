/**
 * The parameters of a notebook, read from its cell by TypeScript's parser: nothing runs, so a list
 * of them or a check of a value takes no kernel.
 */
import ts from 'typescript';
import { type ParameterValue } from '../../base/declaration';
import { type Declarations, declareAll } from '../../base/params';
import '../../language/little-language'; // which knows the words of a text
import { hasTag, isCode, type Notebook, textOf } from './notebook';

/** The parameters of a notebook, in the order of its cell. */
export interface Parameters {
  /** The variable that holds them, `p` in the course's notebooks. */
  readonly variable: string;
  readonly all: Declarations;
}

/**
 * Reads the parameters of a notebook. One without a cell tagged `parameters` has none.
 * @throws Error if the cell does not declare them in plain values, or as `params` itself throws
 */
export function readParameters(notebook: Notebook): Parameters {
  const cell = notebook.cells.find((each) => isCode(each) && hasTag(each, 'parameters'));
  return cell ? parseParameters(textOf(cell.source)) : { variable: 'p', all: {} };
}

/**
 * Reads `const p = params({ … })` from the text of a cell.
 * @throws Error if it is not there or not in plain values, or as `params` itself throws
 */
export function parseParameters(source: string): Parameters {
  const file = ts.createSourceFile('parameters.ts', source, ts.ScriptTarget.Latest, true);
  const found = file.statements.filter(ts.isVariableStatement)
    .flatMap((statement) => [...statement.declarationList.declarations])
    .flatMap(({ name, initializer }) =>
      initializer && ts.isCallExpression(initializer) && isParams(initializer)
        ? [{ variable: name.getText(), call: initializer }]
        : []
    );
  const [only] = found;
  if (!only || found.length > 1)
    throw new Error(`a parameters cell must hold one "const p = params({ … })"`);
  const [declared = {}, ranges = {}] = only.call.arguments.map(plainValue);
  // `params` makes the same checks of the same values when the cell runs.
  const all = declareAll(
    declared as Record<string, ParameterValue>,
    ranges as Record<string, [number, number]>,
  );
  return { variable: only.variable, all };
}

const isParams = ({ expression }: ts.CallExpression): boolean =>
  ts.isIdentifier(expression) && expression.text === 'params';

/**
 * The value of an expression that is written out: a number, text (also joined by +), a boolean, a
 * list or an object of these.
 * @throws Error that quotes anything else
 */
function plainValue(node: ts.Expression): unknown {
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isStringLiteralLike(node)) return node.text;
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isArrayLiteralExpression(node)) return node.elements.map(plainValue);
  if (ts.isObjectLiteralExpression(node)) return Object.fromEntries(node.properties.map(entry));
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken)
    return -Number(plainValue(node.operand));
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const parts = [plainValue(node.left), plainValue(node.right)];
    if (parts.every((part) => typeof part === 'string')) return parts.join('');
  }
  throw notPlain(node);
}

function entry(node: ts.ObjectLiteralElementLike): [string, unknown] {
  if (!ts.isPropertyAssignment(node) || ts.isComputedPropertyName(node.name)) throw notPlain(node);
  return [node.name.text, plainValue(node.initializer)];
}

const notPlain = (node: ts.Node): Error =>
  new Error(
    `parameters are declared in plain values, which programs can read; "${node.getText()}" is none`,
  );
