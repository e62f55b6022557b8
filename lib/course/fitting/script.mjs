/**
 * The modules that fit figures to their page, as one script: exported pages and those of a sweep
 * hold it, JupyterLab and Notebook load it as an extension. They are joined here and not by
 * esbuild, as an installation writes the script before any npm package may be there.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/paths.mjs';

/** Each after those that it imports. */
const MODULES = [
  'texts',
  'axes',
  'stacked-panels',
  'titles',
  'slider-steps',
  'fit',
  'watch',
  'jupyterlab-plugin',
];

/** A module without its imports and exports: all of them share one scope, so names are unique. */
const partOf = (/** @type {string} */ name) =>
  readFileSync(join(root, 'lib', 'course', 'fitting', `${name}.js`), 'utf8')
    .replace(/^import [^;]*;\n/gm, '')
    .replace(/^export (?=const |function )/gm, '');

/** In a block in strict mode, where a name that two modules declare is an error. */
export const fittingScript = `(() => {
'use strict';
{
${MODULES.map(partOf).join('\n')}}
})();
`;
