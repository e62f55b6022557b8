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
  'words',
  'stacked-panels',
  'bar-values',
  'cell-values',
  'token-cells',
  'numbers',
  'axis-titles',
  'titles',
  'slider-steps',
  'fit',
  'watch',
  'print',
  'jupyterlab-plugin',
];

/**
 * A module as a function that returns what it exports, with what it imports from those before it.
 * @param {string} name
 */
function partOf(name) {
  const file = join(root, 'lib', 'course', 'fitting', `${name}.js`);
  const text = readFileSync(file, 'utf8')
    .replace(/^import (\{[^}]*\}) from '\.\/([^']*)\.js';$/gm, "const $1 = modules['$2'];");
  const exported = [...text.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, each]) => each);
  return `modules['${name}'] = (() => {
${text.replace(/^export (?=const |function )/gm, '')}
return { ${exported.join(', ')} };
})();
`;
}

export const fittingScript = `(() => {
'use strict';
const modules = {};
${MODULES.map(partOf).join('\n')}})();
`;
