/**
 * What ESLint holds the code to: typescript-eslint's strict set with types, over lib, test and data. Each rule that is
 * off says why. The cells of the notebooks are read by the same rules, less what a lesson may do: see lib/course/style.
 */
import { fileURLToPath } from 'node:url';
import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The rules for all TypeScript that the project compiles. */
export const rules = {
  // An index that its loop has bounded needs one; noUncheckedIndexedAccess makes every other one an error of types.
  '@typescript-eslint/no-non-null-assertion': 'off',
  // Numbers in messages are the rule here, not the exception.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true,
    allowBoolean: true, allowNullish: true }],
  // `() => list.push(x)` where nothing reads the value is clear enough.
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
};

export default tseslint.config(
  { ignores: ['node_modules', '.venv', '.cache', 'lib/tensor/fast/assembly'] }, // AssemblyScript: another language
  eslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.cts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: 'tsconfig.json',
        tsconfigRootDir: fileURLToPath(new URL('..', import.meta.url)) },
    },
    rules,
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'require',
          'module',
          'exports',
          '__dirname',
          '__filename',
          'URL',
          'URLSearchParams',
          'Buffer',
          'setTimeout',
          'clearTimeout',
          'setImmediate',
          'setInterval',
          'clearInterval',
          'fetch',
          'AbortController',
          'performance',
          'AbortSignal',
          'SharedArrayBuffer',
          'Atomics',
          'Int32Array',
          'queueMicrotask',
          'TextDecoder',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
);
