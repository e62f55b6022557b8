/** `--plan`: a sweep as commands of papermill, for any system that runs lines of a shell. */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { writeWholeSync } from '../../base/write-file';
import type { Values } from '../notebooks/copies';
import { pythonOf, root } from '../setup/paths.mjs';
import { pathOf, savedAs } from './run';

/** What was planned: the path of a notebook, and the points of the grid. */
interface Plan {
  readonly file: string;
  readonly points: readonly Values[];
}

const planFile = (folder: string): string => join(folder, 'plan.json');

/** Keeps what is planned in `folder`, in place of the plan before. */
export function keepPlan(folder: string, plan: Plan): void {
  writeWholeSync(planFile(folder), `${JSON.stringify(plan, null, 1)}\n`);
}

/** What was planned last in `folder`, if anything was. */
export function keptPlan(folder: string): Plan | undefined {
  const path = planFile(folder);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) as Plan : undefined;
}

/** The planned points that have left no notebook in `folder`. */
export function missingOf(folder: string, { file, points }: Plan): Values[] {
  return points.filter((values) => !existsSync(savedAs({ file, folder, values })));
}

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
