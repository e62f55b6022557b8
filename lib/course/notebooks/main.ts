/** `npm run notebooks`: runs notebooks in a new kernel and saves their outputs and pictures. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { PARAMS_VARIABLE } from '../../base/params';
import { findBrowser, howToGetABrowser } from '../setup/find-browser.mjs';
import { cache } from '../setup/paths.mjs';
import { commandLine, runProgram, Trouble } from '../setup/program.mjs';
import { compare, report } from './compare';
import { copyName, markCopy, type Values } from './copies';
import { type CellProgress, execute, FailedRun } from './execute';
import { findNotebooks, type Notebook, readNotebook, writeNotebook } from './notebook';
import { addPictures, Photographer } from './pictures';

const USAGE = `npm run notebooks -- [NAME ...]   runs all notebooks, or those that begin with a NAME
  --check             saves nothing; exit code 1 if an output is not the committed one
  -p, --param A=1     another value for a parameter; notebooks/ is then left as it is
  --out FOLDER        where the notebooks are saved; with -p by default .cache/notebooks`;

/** Where copies go: those of runs with other values, and of failed ones. */
const COPIES = join(cache, 'notebooks');

/** Variables of the environment that change what a notebook computes. */
const FOREIGN = [PARAMS_VARIABLE, 'COURSE_BACKEND', 'COURSE_KERNELS', 'COURSE_FMA'];

/** What the command line asks for. `out`: a folder other than notebooks/. */
interface Task {
  files: string[];
  params: Values | undefined;
  out: string | undefined;
  check: boolean;
}

function task(): Task {
  const { values, positionals } = commandLine({
    allowPositionals: true,
    options: {
      check: { type: 'boolean', default: false },
      param: { type: 'string', short: 'p', multiple: true, default: [] as string[] },
      out: { type: 'string' },
    },
  }, USAGE);
  const params = parseParams(values.param);
  if (values.check && params) {
    throw new Trouble(
      '--check compares with the committed outputs, so it takes no -p.',
      `Use it like this:\n${USAGE}`,
    );
  }
  const out = values.out === undefined ? params && COPIES : resolve(values.out);
  const foreign = FOREIGN.filter((name) => process.env[name]).join(', ');
  if (foreign && out === undefined) {
    throw new Trouble(
      `${foreign} is set, so the outputs would not be those of the committed notebooks.`,
      'Unset it, or give values by -p, or another folder by --out.',
    );
  }
  if (process.env[PARAMS_VARIABLE])
    console.log(`${PARAMS_VARIABLE} of the environment is not used; -p gives values.`);
  return { files: findNotebooks(positionals), params, out, check: values.check };
}

async function main(): Promise<number> {
  const { files, params, out, check } = task();
  const photo = check ? undefined : photographer();
  if (out !== undefined) checkFolder(out);
  else if (!check) files.forEach((file) => checkFolder(join(file, '..')));
  let good = true;
  try {
    for (const file of files) {
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
  const options = { ...(params && { params }), onProgress: showProgress };
  try {
    const [now] = await execute([file], options);
    return { now: now! }; // one file, one copy
  } catch (error) {
    const [now] = error instanceof FailedRun ? error.notebooks : [];
    if (!(error instanceof FailedRun) || !now) throw error;
    return { now, failure: error.message };
  }
}

/** Says so before anything runs, where there is no browser. */
function photographer(): Photographer | undefined {
  if (findBrowser() !== undefined) return new Photographer();
  console.log(
    'No Chromium browser was found, so plots that change are saved without a still picture.\n'
      + howToGetABrowser,
  );
  return undefined;
}

/** Adds pictures as far as the browser works; what was computed is saved in any case. */
async function withPictures(
  now: Notebook,
  committed: Notebook,
  photo: Photographer | undefined,
): Promise<string> {
  let trouble = '';
  const failed = (error: unknown): Promise<number> => {
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
    trouble = ` (the browser failed: ${line})`;
    return addPictures(now, committed, undefined);
  };
  const without = await addPictures(now, committed, photo).catch(failed);
  const plots = without === 1 ? '1 plot' : `${without} plots`;
  return without > 0 ? `, ${plots} without a still picture${trouble}` : '';
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

/**
 * `['steps=40', 'prompt=The agent']` → `{ steps: 40, prompt: 'The agent' }`: JSON, or else text.
 */
function parseParams(texts: readonly string[]): Record<string, unknown> | undefined {
  if (texts.length === 0) return undefined;
  return Object.fromEntries(texts.map((text) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      throw new Trouble(
        `-p must be followed by NAME=VALUE, got "${text}".`,
        `Use it like this:\n${USAGE}`,
      );
    }
    try {
      return [name, JSON.parse(value) as unknown];
    } catch {
      return [name, value];
    }
  }));
}

function showProgress({ notebook, cell, done, cells }: CellProgress): void {
  if (!process.stdout.isTTY || done === undefined) return;
  process.stdout.write(
    `\r\x1b[K${notebook}: ${done} of ${cells} cells, ${cell}${done === cells ? '\r\x1b[K' : ''}`,
  );
}

void runProgram(main);
