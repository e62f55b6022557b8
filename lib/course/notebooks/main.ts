/** `npm run notebooks`: runs notebooks in a new kernel and saves their outputs and pictures. */
import { basename, resolve } from 'node:path';
import { foreignSettings } from '../../base/environment';
import { PARAMS_VARIABLE } from '../../base/params';
import { runProgram, Trouble } from '../setup/program.mjs';
import { cornerTasks, runCorners } from '../sweeps/corners';
import { checkOptions, type Options, readCommandLine } from './command-line';
import { listParameters } from './list';
import { findNotebooks } from './notebook';
import { COPIES, declarationsIn, type Run, save, type Task } from './save';
import { splitValues, valuesFor } from './values';

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

/**
 * The notebooks that have a parameter of these, each with its values; says which have none.
 * @throws Trouble before anything runs, for a name that none has, or a value that one refuses
 */
function runsWith(texts: readonly string[], files: readonly string[]): Run[] {
  const all = files.map(declarationsIn);
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
    console.log(files.map((file) => listParameters(declarationsIn(file))).join('\n\n'));
    return 0;
  }
  checkOptions(values);
  if (values.corners) {
    const { part, seed } = values;
    return runCorners(refused(() => cornerTasks(files, part, Number(seed ?? 16))));
  }
  return save(task(values, files));
}

void runProgram(main);
