/** TypeScript's options for cells: those of the project's tsconfig.json that can apply to cells. */
import path from 'node:path';
import type tsType from '@tslab/typescript-for-tslab';

/** The options that are off for cells, in the kernel and in `npm run lint`. */
export const cellOptions = {
  /** A later cell may use the name, or the reader may. */
  noUnusedLocals: false,
  noUnusedParameters: false,
  /** An index in a lesson reads as in the field's papers, without a check or an assertion. */
  noUncheckedIndexedAccess: false,
} as const;

/** The options that tslab sets itself. */
const DECIDED_BY_TSLAB = new Set([
  'module',
  'moduleResolution',
  'target',
  'lib',
  'allowJs',
  'noEmit',
  'declaration',
  'outDir',
  'rootDir',
  'sourceMap',
]);

function projectOptions(ts: typeof tsType, root: string): tsType.CompilerOptions {
  const read = (file: string): string | undefined => ts.sys.readFile(file);
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), read) as {
    config?: { compilerOptions?: object };
  };
  return ts.convertCompilerOptionsFromJson(config?.compilerOptions ?? { strict: true }, root)
    .options;
}

/** The compiler options for cells; strict if there is no tsconfig.json. */
export function compilerOptions(ts: typeof tsType, root: string): tsType.CompilerOptions {
  const kept = Object.entries(projectOptions(ts, root)).filter(([name]) =>
    !DECIDED_BY_TSLAB.has(name)
  );
  // In tslab a cell is a sloppy-mode function, which TypeScript refuses together with alwaysStrict.
  return { ...Object.fromEntries(kept), ...cellOptions, alwaysStrict: false,
    inlineSourceMap: true };
}

/** The names of the declaration files of JavaScript itself. */
export function libraries(ts: typeof tsType, root: string): string[] {
  return projectOptions(ts, root).lib ?? ['lib.es2022.d.ts'];
}
