/** `--plan`: a sweep as commands of papermill, for any system that runs lines of a shell. */
import { join, relative } from 'node:path';
import type { Values } from '../notebooks/copies';
import { pythonOf, root } from '../setup/paths.mjs';
import { pathOf } from './run';

/** A command for each point, to be run in the repository's folder. */
export function commands(file: string, points: readonly Values[], folder: string): string[] {
  const paths = [pythonOf(), file, join(file, '..')].map((path) => quoted(relative(root, path)));
  const [python, notebook, cwd] = paths;
  return points.map((values) => {
    const target = quoted(pathOf({ file, folder, values }));
    return `${python} -m papermill --no-progress-bar --cwd ${cwd} ${notebook} ${target} `
      + `-y ${quoted(asYaml(values))}`;
  });
}

/** JSON, which is YAML but for numbers such as 1e-7: YAML 1.1 takes those for text. */
const asYaml = (values: Values): string =>
  JSON.stringify(values).replace(/([:[,])(-?\d+)(e[+-]\d+)(?=[\]},])/g, '$1$2.0$3');

/** `text` as one word of a shell. */
const quoted = (text: string): string =>
  /^[\w./=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
