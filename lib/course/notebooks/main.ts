/** `npm run notebooks`: runs notebooks in a new kernel and saves their outputs and pictures. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { foreignSettings } from '../../base/environment';
import { PARAMS_VARIABLE } from '../../base/params';
import { cache } from '../setup/paths.mjs';
import { runProgram, Trouble } from '../setup/program.mjs';
import { cornerTasks, runCorners } from '../sweeps/corners';
import { checkOptions, type Options, readCommandLine } from './command-line';
import { compare, report } from './compare';
import { copyName, markCopy, type Values } from './copies';
import { execute, FailedRun } from './execute';
import { listParameters } from './list';
import { findNotebooks, type Notebook, readNotebook, writeNotebook } from './notebook';
import { writePage } from './page';
import { takePictures, withPictures } from './pictures';
import { showCells } from './progress';
import { readParameters } from './read-parameters';
import { type Declared, splitValues, valuesFor } from './values';

/** Where copies go: those of runs with other values, and of failed ones. */
const COPIES = join(cache, 'notebooks');

/** A notebook, and the values that it runs with. */
interface Run {
  file: string;
  params: Values | undefined;
}

/** What the command line asks for. `out`: a folder other than notebooks/. */
interface Task {
  runs: Run[];
  out: string | undefined;
  check: boolean;
  html: boolean;
}

function task(values: Options, files: readonly string[]): Task {
  const params = values.param.length > 0;
  const out = values.out === undefined
    ? (params || values.html ? COPIES : undefined)
    : resolve(values.out);
  const own = process.env[PARAMS_VARIABLE] ? [PARAMS_VARIABLE] : [];
  const foreign = [...own, ...foreignSettings()].join(', ');
  if (foreign && out === undefined) {
    throw new Trouble(
      `${foreign} is set, so the outputs would not be those of the committed notebooks.`,
      'Unset it, or give values by -p, or another folder by --out.',
    );
  }
  if (process.env[PARAMS_VARIABLE])
    console.log(`${PARAMS_VARIABLE} of the environment is not used; -p gives values.`);
  const runs = params
    ? runsWith(values.param, files)
    : files.map((file) => ({ file, params: undefined }));
  return { runs, out, check: values.check, html: values.html };
}

const declared = (file: string): Declared => {
  try {
    return { name: basename(file), all: readParameters(readNotebook(file)).all };
  } catch (error) {
    throw new Error(`${basename(file)}: ${(error as Error).message}`);
  }
};

/**
 * The notebooks that have a parameter of these, each with its values; says which have none.
 * @throws Trouble before anything runs, for a name that none has, or a value that one refuses
 */
function runsWith(texts: readonly string[], files: readonly string[]): Run[] {
  const all = files.map(declared);
  const values = refused(() => valuesFor(all, splitValues(texts)));
  const runs = files.map((file, i) => ({ file, params: values[i] }));
  const others = runs.filter(({ params }) => !params).map(({ file }) => basename(file));
  if (others.length > 0)
    console.log(`Not run, as they have none of these parameters: ${others.join(', ')}`);
  return runs.filter(({ params }) => params);
}

/** What `values` returns. @throws Trouble with what to do, in place of a RangeError */
function refused<T>(values: () => T): T {
  try {
    return values();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Trouble(
      `${error.message}.`,
      'npm run notebooks -- --list prints what can be set, or with names of notebooks, theirs.',
    );
  }
}

async function main(): Promise<number> {
  const { values, positionals } = readCommandLine();
  const files = findNotebooks(positionals);
  if (values.list) {
    console.log(files.map((file) => listParameters(declared(file))).join('\n\n'));
    return 0;
  }
  checkOptions(values);
  if (values.corners) {
    const { part, seed } = values;
    return runCorners(refused(() => cornerTasks(files, part, Number(seed ?? 16))));
  }
  return save(task(values, files));
}

/** Runs and saves, or compares. Returns the exit code. */
async function save({ runs, out, check, html }: Task): Promise<number> {
  const photo = check ? undefined : takePictures();
  if (out !== undefined) checkFolder(out);
  else if (!check) runs.forEach(({ file }) => checkFolder(join(file, '..')));
  let good = true;
  try {
    for (const { file, params } of runs) {
      const name = basename(file);
      const committed = readNotebook(file);
      const { now, failure } = await runOne(file, params);
      if (check && failure === undefined) {
        const differences = compare(committed, now);
        good &&= differences.length === 0;
        console.log(
          differences.length > 0 ? report(name, differences) : `${name}: as committed`,
        );
        continue;
      }
      const target = failure === undefined && out === undefined
        ? file
        : join(out ?? COPIES, copyName(name, params, failure !== undefined));
      mkdirSync(join(target, '..'), { recursive: true });
      const note = await withPictures(now, committed, photo);
      writeNotebook(target, params ? markCopy(now, params) : now);
      console.log(
        `${name}: ${failure === undefined ? '' : 'failed, '}saved${
          target === file ? '' : ` as ${target}`
        }${note}`,
      );
      if (failure !== undefined) console.error(failure);
      if (html) {
        const { all } = declared(file);
        console.log(`  its page: ${await writePage(target, now, all, params)}`);
      }
      good &&= failure === undefined;
    }
  } finally {
    await photo?.close();
  }
  return good ? 0 : 1;
}

/** The notebook as it was run, and what failed. */
async function runOne(
  file: string,
  params: Values | undefined,
): Promise<{ now: Notebook; failure?: string }> {
  const progress = showCells(basename(file));
  const options = { ...(params && { params }), onProgress: progress.show };
  try {
    return { now: await execute(file, options) };
  } catch (error) {
    if (!(error instanceof FailedRun)) throw error;
    return { now: error.notebook, failure: error.message };
  } finally {
    progress.end();
  }
}

/** @throws Trouble if nothing can be saved there: better before a run than after it */
function checkFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new Trouble(
      `The folder ${folder} cannot be written: ${(error as Error).message}.`,
      'Make it writable, or give another folder by --out.',
    );
  }
}

void runProgram(main);
