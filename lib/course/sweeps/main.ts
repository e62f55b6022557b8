/** `npm run sweep`: one notebook at every point of a grid of parameters. */
import { existsSync, mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { writeWholeSync } from '../../base/write-file';
import type { Values } from '../notebooks/copies';
import { findNotebooks, readNotebook } from '../notebooks/notebook';
import { readParameters } from '../notebooks/read-parameters';
import { splitValues, valuesFor } from '../notebooks/values';
import { cache } from '../setup/paths.mjs';
import { commandLine, runProgram, Trouble } from '../setup/program.mjs';
import { collect } from './collect';
import { asCsv, numbersAsCsv } from './csv';
import { axes, points } from './grid';
import { sweepPage } from './page';
import { commands, keepPlan, keptPlan, missingOf } from './plan';
import { runWithProgress } from './progress';
import { savedAs } from './run';

const USAGE = `npm run sweep -- NAME -p A=1,2,3 -p B=1:9:4   runs NAME with each A and each B
  -p, --param A=…     values: a list, START:END:STEP, or a JSON list
  --samples N         only N points of the grid, chosen at random; --seed S chooses others
  --jobs N            how many run at once; by default as many as there are processors
  --out FOLDER        where all is saved, by default .cache/sweeps/NAME; points that are there
                      are not run again
  --plan              runs nothing, and prints a papermill command for each point
  --collect FOLDER    runs nothing, writes the page, CSV and JSON of the notebooks in FOLDER, and
                      names the points of the last --plan that are not there`;

async function main(): Promise<number> {
  const { values, positionals } = commandLine({
    allowPositionals: true,
    options: {
      param: { type: 'string', short: 'p', multiple: true, default: [] as string[] },
      samples: { type: 'string' },
      seed: { type: 'string', default: '16' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      out: { type: 'string' },
      plan: { type: 'boolean', default: false },
      collect: { type: 'string' },
    },
  }, USAGE);
  if (values.collect !== undefined) {
    const folder = resolve(values.collect);
    if (!existsSync(folder))
      throw new Trouble(`The folder ${folder} is not there.`, `Use it like this:\n${USAGE}`);
    return collectPlanned(folder);
  }
  const file = notebookOf(positionals);
  const grid = refused(() =>
    gridOf(file, values.param, values.samples && Number(values.samples), Number(values.seed))
  );
  const name = basename(file, '.ipynb');
  const folder = values.out === undefined ? join(cache, 'sweeps', name) : resolve(values.out);
  mkdirSync(folder, { recursive: true });
  if (values.plan) {
    keepPlan(folder, { file, points: grid });
    console.log(commands(file, grid, folder).join('\n'));
    return 0;
  }
  const jobs = Number(values.jobs);
  if (!(Number.isInteger(jobs) && jobs >= 1))
    throw new Trouble('--jobs must be an integer of at least 1.', `Use it like this:\n${USAGE}`);
  const tasks = grid.map((point) => ({ file, folder, values: point }));
  if (!(await runWithProgress(tasks, jobs))) return 130;
  return write(folder, name, tasks.map((task) => basename(savedAs(task))));
}

/** The one notebook that is meant: a beginning of its name, or a file. */
function notebookOf(names: readonly string[]): string {
  const [only] = names;
  if (only !== undefined && names.length === 1 && existsSync(only)) return resolve(only);
  const found = names.length === 1 ? findNotebooks(names) : [];
  if (found.length === 1) return found[0]!;
  throw new Trouble('A sweep runs one notebook.', `Use it like this:\n${USAGE}`);
}

/** The points of the grid. @throws RangeError if one of the values is refused */
function gridOf(
  file: string,
  texts: readonly string[],
  samples: number | '' | undefined,
  seed: number,
): Values[] {
  const { all } = readParameters(readNotebook(file));
  const given = axes(splitValues(texts), all);
  const notebook = { name: basename(file), all };
  for (const [name, values] of given) {
    for (const value of values)
      valuesFor([notebook], { [name]: typeof value === 'string' ? value : JSON.stringify(value) });
  }
  return points(given, samples === '' ? 0 : samples, seed);
}

function refused<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Trouble(`${error.message}.`, `Use it like this:\n${USAGE}`);
  }
}

/** Writes the page of what is there, and names the points of the last plan that are not. */
function collectPlanned(folder: string): number {
  const plan = keptPlan(folder) ?? { file: '', points: [] };
  const missing = missingOf(folder, plan);
  const list = missing.map((values) => JSON.stringify(values)).join('; ');
  const are = missing.length === 1 ? 'is' : 'are';
  if (missing.length > 0)
    console.error(
      `${missing.length} of ${plan.points.length} planned points ${are} not there: ${list}`,
    );
  return write(folder, basename(folder)) || (missing.length > 0 ? 1 : 0);
}

/** Writes the page, CSV and JSON of the notebooks. Returns the exit code: 1 if one failed. */
function write(folder: string, title: string, names?: readonly string[]): number {
  const all = collect(folder, names);
  if (all.length === 0)
    throw new Trouble(`No notebooks are in ${folder}.`, `Use it like this:\n${USAGE}`);
  const page = join(folder, 'sweep.html');
  writeWholeSync(join(folder, 'sweep.json'), `${JSON.stringify(all, null, 1)}\n`);
  writeWholeSync(join(folder, 'sweep.csv'), asCsv(all));
  writeWholeSync(join(folder, 'numbers.csv'), numbersAsCsv(all));
  writeWholeSync(page, sweepPage(title, all));
  const failed = all.filter(({ failure }) => failure !== undefined);
  for (const { values, failure } of failed)
    console.error(`${JSON.stringify(values)} failed: ${failure}`);
  console.log(`${all.length - failed.length} of ${all.length} points ran; the page is ${page}`);
  return failed.length > 0 ? 1 : 0;
}

void runProgram(main);
