/** ESLint with the rules of .config/eslint.config.mjs, over files and over cells. */
import { ESLint, type Linter } from 'eslint';
import { join, relative } from 'node:path';
import type ts from 'typescript';
import { root } from '../setup/paths.mjs';
import type { CellModule } from './cells/module';
import type { Finding } from './finding';

/** The findings of ESLint in the given files and folders. `program` provides the types. */
export async function eslintFindings(paths: string[], program: ts.Program): Promise<Finding[]> {
  const results = await linter(program).lintFiles(paths);
  return results.flatMap(({ filePath, messages }) =>
    messages.map((found) => ({
      file: relative(root, filePath).replaceAll('\\', '/'),
      line: found.line,
      message: messageOf(found),
    }))
  );
}

/** The findings of ESLint in the cells of a notebook; `program` must contain their module. */
export async function eslintCellFindings(
  module: CellModule,
  program: ts.Program,
): Promise<Finding[]> {
  const results = await linter(program).lintText(module.text, { filePath: module.path });
  return results.flatMap(({ messages }) =>
    messages.map((found) => module.finding(found.line - 1, messageOf(found)))
  );
}

/** ESLint with the types of an existing program, so that nothing is compiled again. */
function linter(program: ts.Program): ESLint {
  const parserOptions = { programs: [program], project: null };
  return new ESLint({
    cwd: root,
    overrideConfigFile: join(root, '.config', 'eslint.config.mjs'),
    overrideConfig: { files: ['**/*.ts', '**/*.tsx'], languageOptions: { parserOptions } },
  });
}

function messageOf({ message, ruleId }: Linter.LintMessage): string {
  return `${message.replace(/\s*\n\s*/g, ' ')} (${ruleId ?? 'syntax'})`;
}
