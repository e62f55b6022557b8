/**
 * The project's tsconfig.json, as far as it can hold in cells: everything but module, target and
 * unused names.
 */
import path from 'node:path';
import type tsType from '@tslab/typescript-for-tslab';

/** What tslab decides itself, and what cannot hold where a later cell uses a name. */
const NOT_IN_CELLS = [
  'module',
  'moduleResolution',
  'target',
  'lib',
  'noEmit',
  'noUnusedLocals',
  'noUnusedParameters',
  'declaration',
  'outDir',
  'rootDir',
  'sourceMap',
];

function projectOptions(ts: typeof tsType, root: string): tsType.CompilerOptions {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile) as {
    config?: { compilerOptions?: object };
  };
  return ts.convertCompilerOptionsFromJson(config?.compilerOptions ?? { strict: true }, root)
    .options;
}

/** The compiler options for cells; strict where there is no tsconfig.json. */
export function compilerOptions(ts: typeof tsType, root: string): tsType.CompilerOptions {
  const options = projectOptions(ts, root);
  for (const name of NOT_IN_CELLS) delete options[name];
  // A cell is a sloppy-mode function in tslab; TypeScript refuses alwaysStrict together with that.
  return { ...options, alwaysStrict: false, inlineSourceMap: true };
}

/** The names of the declaration files of JavaScript itself. */
export function libraries(ts: typeof tsType, root: string): string[] {
  return projectOptions(ts, root).lib ?? ['lib.es2022.d.ts'];
}
