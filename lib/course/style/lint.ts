/**
 * `npm run lint`: checks the course's style as far as a machine can, and prints one line for each
 * finding. The same parts are tests in test/course/lint.test.ts.
 */
import { relative } from 'node:path';
import type ts from 'typescript';
import { findNotebooks, readNotebook } from '../notebooks/notebook';
import { root } from '../setup/paths.mjs';
import { commandLine, runProgram } from '../setup/program.mjs';
import { programOf, typeErrors } from './compiler';
import { eslintFindings } from './eslint';
import { codeFiles } from './files';
import { type Finding, lineOf } from './finding';
import { format } from './format';
import { notebookFindings } from './notebooks';
import { wideLines } from './width';

/** The settings for all TypeScript, and those for the programs that run before an installation. */
const [PROJECT, SETUP] = ['tsconfig.json', 'lib/course/setup/tsconfig.json'];

/** The folders that ESLint reads. */
const LINTED = ['lib', 'test', 'data', '.config', '.github'];

let compiled: ts.Program | undefined;
/** The project's program, which the type check and ESLint share. */
const projectProgram = (): ts.Program => (compiled ??= programOf(PROJECT));

/** The parts of the style, each with a function that returns its findings. */
export const PARTS = {
  layout: () =>
    format({ check: true }).map((file): Finding => ({ file,
      message: 'not in the course\'s layout: run "npm run format"' })
    ),
  width: () => wideLines(codeFiles()),
  types: () => [...typeErrors(projectProgram()), ...typeErrors(programOf(SETUP))],
  eslint: () => eslintFindings(LINTED, projectProgram()),
  notebooks: () => {
    const named = findNotebooks().map((path) => ({
      file: relative(root, path).replaceAll('\\', '/'),
      notebook: readNotebook(path),
    }));
    return notebookFindings(named, ['README.md', 'notebooks/glossary.md']);
  },
} satisfies Record<string, () => Finding[] | Promise<Finding[]>>;

const USAGE = `npm run lint                  checks all parts of the style
npm run lint -- PART ...      checks these parts: ${Object.keys(PARTS).join(', ')}`;

async function main(): Promise<number> {
  const { positionals } = commandLine(
    { allowPositionals: true, options: {} },
    USAGE,
    Object.keys(PARTS),
  );
  let count = 0;
  for (const [name, part] of Object.entries(PARTS)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const findings = await part();
    for (const finding of findings) console.log(lineOf(finding));
    count += findings.length;
  }
  console.log(count === 0 ? 'No findings.' : `${count} ${count === 1 ? 'finding' : 'findings'}.`);
  return count === 0 ? 0 : 1;
}

if (require.main === module) void runProgram(main);
