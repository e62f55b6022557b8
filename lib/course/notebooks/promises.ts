/**
 * Promises that nobody awaits: the cell would count as done, and its failure would land in another
 * one.
 */
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import type ts from 'typescript';
import { root } from './notebook';
import type { CellModule, Finding } from './program';

/**
 * Floating promises in the cells, also those of callbacks and behind `void`, by typescript-eslint's
 * rules on the same text that the compiler reads.
 */
export function floatingPromises(module: CellModule, program: ts.Program): Finding[] {
  const config: Linter.Config = {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser as Linter.Parser,
      parserOptions: { programs: [program] } },
    // typescript-eslint's types and ESLint's own do not name the same rule context.
    plugins: {
      '@typescript-eslint': tseslint.plugin as unknown as NonNullable<
        Linter.Config['plugins']
      >[string],
    },
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
      '@typescript-eslint/no-misused-promises': 'error',
    },
  };
  return new Linter({ cwd: root }).verify(module.text, [config], { filename: module.path })
    .map(({ line, message }) => module.finding(line - 1, message.replace(/\n\s*/g, ' ')));
}
