/**
 * Which cells of a notebook an answer needs: those that declare the names it uses, and what these
 * need. Grading runs only them, so that a broken cell elsewhere costs no points and the plots of
 * a notebook no time.
 */
import ts from 'typescript';

export interface SourceCell {
  readonly source: string;
  /**
   * `released`: as it was handed out. `answer`: of an exercise. `own`: a cell that the student
   * added or changed.
   */
  readonly kind: 'released' | 'answer' | 'own';
}

interface Names {
  readonly declared: ReadonlySet<string>;
  readonly used: ReadonlySet<string>;
  /** Names of earlier cells to which it assigns. */
  readonly assigned: ReadonlySet<string>;
}

/**
 * The indices of the cells to run before the cell at `target`, in order. A name that the released
 * notebook declares means that one; of several declarations, the last before the answer.
 */
export function neededCells(cells: readonly SourceCell[], target: number): number[] {
  const names = cells.map(namesOf);
  const needed = new Set<number>([target]);
  for (const at of needed) {
    for (const name of names[at]!.used) {
      if (names[at]!.declared.has(name)) continue;
      const found = declaring(cells, names, name, target);
      if (found === undefined) continue;
      needed.add(found);
      cells.forEach(({ kind }, i) => {
        if (kind === 'released' && i > found && i < target && names[i]!.assigned.has(name))
          needed.add(i);
      });
    }
  }
  needed.delete(target);
  return [...needed].sort((a, b) => a - b);
}

function declaring(
  cells: readonly SourceCell[],
  names: readonly Names[],
  name: string,
  target: number,
): number | undefined {
  const last = (kind: SourceCell['kind'], end: number): number | undefined => {
    for (let at = end - 1; at >= 0; at--)
      if (at !== target && cells[at]!.kind === kind && names[at]!.declared.has(name)) return at;
    return undefined;
  };
  return last('released', target) ?? last('answer', target) ?? last('own', cells.length);
}

/** @throws RangeError for a text that nests too deeply */
export const parse = (source: string): ts.SourceFile =>
  ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ES2022, true);

const NONE: Names = { declared: new Set(), used: new Set(), assigned: new Set() };

/** The names of released cells, which are the same in every submission. */
const kept = new Map<string, Names>();

function namesOf({ source, kind }: SourceCell): Names {
  const names = kept.get(source) ?? namesIn(source);
  if (kind === 'released') kept.set(source, names);
  return names;
}

/** The names that a cell declares for later ones. */
export const declaredNames = (cell: SourceCell): string[] => [...namesOf(cell).declared];

/** None for a text that nests so deeply that it cannot be parsed. */
function namesIn(source: string): Names {
  try {
    const file = parse(source);
    const declared = new Set(file.statements.flatMap(declaredBy));
    const isLocal = localNames(file);
    const [used, assigned] = [new Set<string>(), new Set<string>()];
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node) && !isOnlyAName(node) && !isLocal(node)) used.add(node.text);
      const left = assignedIn(node);
      if (left && !isLocal(left) && !declared.has(left.text)) assigned.add(left.text);
      ts.forEachChild(node, visit);
    };
    visit(file);
    return { declared, used, assigned };
  } catch (error) {
    if (error instanceof RangeError) return NONE;
    throw error;
  }
}

/** Whether an identifier means something that is declared inside the cell, such as a parameter. */
function localNames(file: ts.SourceFile): (node: ts.Identifier) => boolean {
  const options = { noLib: true, noResolve: true, types: [] };
  const host: ts.CompilerHost = {
    getSourceFile: (name) => name === file.fileName ? file : undefined,
    getDefaultLibFileName: () => '',
    writeFile: () => undefined,
    getCurrentDirectory: () => '',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (name) => name === file.fileName,
    readFile: () => undefined,
  };
  const checker = ts.createProgram([file.fileName], options, host).getTypeChecker();
  return (node) => {
    const symbol = ts.isShorthandPropertyAssignment(node.parent)
      ? checker.getShorthandAssignmentValueSymbol(node.parent)
      : checker.getSymbolAtLocation(node);
    return symbol?.declarations?.some(({ parent }) => {
      const scope = ts.findAncestor(parent, ({ kind }) => !BETWEEN.has(kind));
      return scope !== file;
    }) ?? false;
  };
}

/** What may lie between a declaration and the scope that it belongs to. */
const BETWEEN = new Set([
  ts.SyntaxKind.VariableDeclaration,
  ts.SyntaxKind.VariableDeclarationList,
  ts.SyntaxKind.VariableStatement,
  ts.SyntaxKind.BindingElement,
  ts.SyntaxKind.ObjectBindingPattern,
  ts.SyntaxKind.ArrayBindingPattern,
  ts.SyntaxKind.NamedImports,
  ts.SyntaxKind.ImportClause,
  ts.SyntaxKind.ImportDeclaration,
]);

/** The names that a statement of a cell declares. */
export function declaredBy(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => boundBy(name));
  if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings } = statement.importClause ?? {};
    const bound = namedBindings && ts.isNamespaceImport(namedBindings)
      ? [namedBindings.name.text]
      : namedBindings?.elements.map((element) => element.name.text) ?? [];
    return name ? [name.text, ...bound] : bound;
  }
  const { name } = statement as { name?: ts.Node };
  return name && ts.isIdentifier(name) ? [name.text] : [];
}

function boundBy(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    ts.isBindingElement(element) ? boundBy(element.name) : []
  );
}

/** The variable at the root of what a node assigns to, such as `a` in `a.b[c] = 1`. */
function assignedIn(node: ts.Node): ts.Identifier | undefined {
  const assigns = ts.isBinaryExpression(node)
    && node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment
    && node.operatorToken.kind <= ts.SyntaxKind.LastAssignment;
  let left: ts.Node | undefined = assigns ? node.left : undefined;
  while (left && (ts.isPropertyAccessExpression(left) || ts.isElementAccessExpression(left)))
    left = left.expression;
  return left && ts.isIdentifier(left) ? left : undefined;
}

/** Whether an identifier names a property, not a variable. */
function isOnlyAName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (ts.isPropertyAccessExpression(parent) && parent.name === node)
    || ((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)
      || ts.isMethodDeclaration(parent)) && parent.name === node)
    || (ts.isBindingElement(parent) && parent.propertyName === node);
}
