/** Which names of a cell are declared for later cells, also after it failed. */
import type tsType from '@tslab/typescript-for-tslab';
import { declaredNames } from './transform';

/**
 * The declarations of `text` (as in a .d.ts file) for whose names `keep` returns true. Those that
 * declare no value are kept if `types` is true.
 */
function pick(
  ts: typeof tsType,
  text: string,
  keep: (name: string) => boolean,
  types: boolean,
): string {
  const { factory } = ts;
  const file = ts.createSourceFile('declarations.d.ts', text, ts.ScriptTarget.Latest, true);
  const statements = file.statements.map((statement): tsType.Statement | undefined => {
    if (ts.isVariableStatement(statement)) {
      const kept = statement.declarationList.declarations.filter(({ name }) =>
        keep(name.getText())
      );
      const list = factory.updateVariableDeclarationList(statement.declarationList, kept);
      return kept.length
        ? factory.updateVariableStatement(statement, statement.modifiers, list)
        : undefined;
    }
    if (
      ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)
      || ts.isFunctionDeclaration(statement)
    ) {
      return keep(statement.name?.text ?? '') ? statement : undefined;
    }
    if (ts.isImportDeclaration(statement) && statement.importClause) {
      return pickImport(statement, statement.importClause);
    }
    return types ? statement : undefined;
  });
  const printer = ts.createPrinter();
  return statements.filter((statement): statement is tsType.Statement => statement !== undefined)
    .map((statement) => `${printer.printNode(ts.EmitHint.Unspecified, statement, file)}\n`).join(
      '',
    );

  function pickImport(
    statement: tsType.ImportDeclaration,
    clause: tsType.ImportClause,
  ): tsType.Statement | undefined {
    const name = clause.name && keep(clause.name.text) ? clause.name : undefined;
    let bindings = clause.namedBindings;
    if (bindings && ts.isNamespaceImport(bindings))
      bindings = keep(bindings.name.text)
        ? bindings
        : undefined;
    else if (bindings) {
      const kept = bindings.elements.filter((element) => keep(element.name.text));
      bindings = kept.length ? factory.updateNamedImports(bindings, kept) : undefined;
    }
    if (!name && !bindings) return undefined;
    const picked = factory.updateImportClause(clause, clause.isTypeOnly, name, bindings);
    return factory.updateImportDeclaration(
      statement,
      statement.modifiers,
      picked,
      statement.moduleSpecifier,
      statement.assertClause,
    );
  }
}

/**
 * The declarations after a cell that failed. `before` are those before the cell, `after` those
 * after a complete run of it. `unreached` are names that it declares but did not reach: they keep
 * their earlier declarations.
 */
export function declarationsAfterFailure(
  ts: typeof tsType,
  before: string,
  after: string,
  unreached: ReadonlySet<string>,
): string {
  if (unreached.size === 0) return after;
  return pick(ts, before, (name) => unreached.has(name), false)
    + pick(ts, after, (name) => !unreached.has(name), true);
}

/**
 * The declarations of a cell, also of those `variables` that TypeScript leaves out: a `var` inside
 * a loop or a block.
 */
export function withVariables(
  ts: typeof tsType,
  text: string,
  variables: readonly string[],
): string {
  if (variables.length === 0) return text; // `text` may be long: it has those of all earlier cells
  const declared = declaredNames(ts, `export {};\n${text}`);
  return text
    + variables.filter((name) => !declared.has(name)).map((name) => `declare var ${name}: any;\n`)
      .join('');
}
