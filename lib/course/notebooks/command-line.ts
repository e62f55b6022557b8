/** The options of `npm run notebooks`. */
import { commandLine, Trouble } from '../setup/program.mjs';

const USAGE = `npm run notebooks -- [NAME ...]   runs all notebooks, or those that begin with a NAME
  --check             saves nothing; exit code 1 if an output is not the committed one
  -p, --param A=1     another value for a parameter; notebooks/ is then left as it is.
                      Of several notebooks, those run that have the parameter
  --html              saves a page beside each notebook, too: one file with live plots, which
                      works offline
  --corners           runs each with its parameters at the ends of their ranges and at some random
                      points (--seed S chooses others), into .cache/corners; --part K/N runs an
                      Nth of them. Stop it at any moment: the same command goes on
  --list              prints what can be set: each parameter with its value, its range, and
                      what to expect when it moves
  --out FOLDER        where the notebooks are saved; with -p or --html by default
                      .cache/notebooks`;

/** The options and names of the command line. */
export const readCommandLine = () =>
  commandLine({
    allowPositionals: true,
    options: {
      check: { type: 'boolean', default: false },
      corners: { type: 'boolean', default: false },
      html: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      param: { type: 'string', short: 'p', multiple: true, default: [] as string[] },
      part: { type: 'string' },
      seed: { type: 'string' },
      out: { type: 'string' },
    },
  }, USAGE);

export type Options = ReturnType<typeof readCommandLine>['values'];

/** @throws Trouble for options that exclude each other */
export function checkOptions({ check, corners, html, out, param, part, seed }: Options): void {
  const wrong = check && (param.length > 0 || html)
    ? `--check compares with the committed outputs, so it takes no ${html ? '--html' : '-p'}.`
    : corners && (check || param.length > 0 || html || out !== undefined)
    ? '--corners chooses the values and the folder: it takes --part and --seed only.'
    : !corners && (part !== undefined || seed !== undefined)
    ? '--part and --seed belong to --corners.'
    : undefined;
  if (wrong !== undefined) throw new Trouble(wrong, `Use it like this:\n${USAGE}`);
}
