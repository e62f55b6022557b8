/**
 * ESLint's rules: typescript-eslint's strict set with types, over lib, test, data and the cells of
 * the notebooks. Each rule that is off or weakened has its reason here. `npm run lint` runs them.
 */
import { fileURLToPath } from 'node:url';
import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The rules for all TypeScript that the project compiles. */
const rules = {
  // Where a loop bounds an index, noUncheckedIndexedAccess needs a `!`.
  '@typescript-eslint/no-non-null-assertion': 'off',
  // Messages of this library contain numbers and flags as a rule.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true,
    allowBoolean: true }],
  // `() => list.push(x)` is clear enough where the value is not read.
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
};

/** What differs in the cells of a notebook, which are linted as one module NAME.cells.ts. */
const cellRules = {
  // `void work()` would let the cell end before its work, and show its failure in another cell.
  '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
  // The parameters of an exercise are used by the reader's solution, and so is its `await`.
  '@typescript-eslint/no-unused-vars': ['error', { args: 'none', varsIgnorePattern: '.' }],
  '@typescript-eslint/require-await': 'off',
  // The value of a cell's last expression is shown.
  '@typescript-eslint/no-unused-expressions': 'off',
  // A lesson prints shapes and lists of ids.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true,
    allowBoolean: true, allowNullish: true, allowArray: true }],
};

/** What Node offers to the JavaScript that runs before anything is installed. */
const globals = [
  'AbortController',
  'AbortSignal',
  'Buffer',
  'URL',
  '__dirname',
  'clearInterval',
  'clearTimeout',
  'console',
  'fetch',
  'process',
  'setInterval',
  'setTimeout',
];

export default tseslint.config(
  // AssemblyScript is another language.
  { ignores: ['node_modules', '.venv', '.cache', 'lib/tensor/fast/assembly'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: 'tsconfig.json',
        tsconfigRootDir: fileURLToPath(new URL('..', import.meta.url)) },
    },
    rules,
  },
  { files: ['notebooks/*.cells.ts'], rules: cellRules },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: Object.fromEntries(globals.map((name) => [name, 'readonly'])),
    },
  },
);
