/** What `npm run notebooks` does with each notebook: run, compare or save, write its page. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cache } from '../setup/paths.mjs';
import { Trouble } from '../setup/program.mjs';
import { compare, report } from './compare';
import { copyName, markCopy, type Values } from './copies';
import { execute, FailedRun } from './execute';
import { type Notebook, readNotebook, writeNotebook } from './notebook';
import { writePage } from './page';
import { takePictures, withPictures } from './pictures';
import { showCells } from './progress';
import { readParameters } from './read-parameters';
import type { Declared } from './values';

/** Where copies go: those of runs with other values, and of failed ones. */
export const COPIES = join(cache, 'notebooks');

/** A notebook, and the values that it runs with. */
export interface Run {
  file: string;
  params: Values | undefined;
}

/** What the command line asks for. `out`: a folder other than notebooks/. */
export interface Task {
  runs: Run[];
  out: string | undefined;
  check: boolean;
  html: boolean;
}

/** The parameters of a notebook, by its name. @throws Error that names it */
export const declarationsIn = (file: string): Declared => {
  try {
    return { name: basename(file), all: readParameters(readNotebook(file)).all };
  } catch (error) {
    throw new Error(`${basename(file)}: ${(error as Error).message}`);
  }
};

/**
 * Runs notebooks and saves them, or compares them with the committed ones. One that fails is saved
 * as a copy. Returns the exit code: 1 if one has failed, or differs.
 */
export async function save({ runs, out, check, html }: Task): Promise<number> {
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
        const { all } = declarationsIn(file);
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
