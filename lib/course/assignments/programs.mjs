/** The programs behind `npm run assignment`: nbgrader, the grading of the answers, the release. */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { cache, jupyterEnvironment, logs, pythonOf, root } from '../setup/paths.mjs';
import { Trouble } from '../setup/program.mjs';

const folder = join(root, 'lib', 'course', 'assignments');

/** nbgrader finds its settings through these, and alembic, which it starts, on the PATH. */
function environment() {
  return {
    ...jupyterEnvironment(join(cache, 'assignments', 'jupyter')),
    JUPYTER_CONFIG_PATH: folder,
    PYTHONPATH: folder,
    PYTHONWARNINGS: 'ignore',
    PATH: [dirname(pythonOf()), process.env['PATH'] ?? ''].join(delimiter),
  };
}

/**
 * Runs a step of nbgrader in the course's folder. Its output goes to a log; warnings, errors and a
 * count of the submissions are shown, warnings that match `known` aside.
 * @param {string} course
 * @param {readonly string[]} args
 * @param {RegExp} [known]
 * @returns {Promise<number>} its exit code
 */
export async function nbgrader(course, args, known) {
  const shown = args.map((arg) => /^[\w./=:-]+$/.test(arg) ? arg : `'${arg}'`).join(' ');
  console.log(`$ cd ${course}
$ JUPYTER_CONFIG_PATH=${folder} PYTHONPATH=${folder} PATH=${dirname(pythonOf())}:$PATH \\
    nbgrader ${shown}`);
  mkdirSync(logs, { recursive: true });
  const log = createWriteStream(join(logs, 'nbgrader.log'));
  const child = spawn(pythonOf(), ['-m', 'nbgrader', ...args], { cwd: course, env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'] });
  let count = 0;
  for (const stream of [child.stdout, child.stderr]) {
    let isWarning = false;
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      // A warning may have its text on the lines below, as that of a submission by someone else.
      const isMore = isWarning && /^\s+\S/.test(line);
      isWarning = isMore || / WARNING\]/.test(line);
      if (known?.test(line)) isWarning = false;
      else if (isMore || / (WARNING|ERROR|CRITICAL)\]/.test(line)) console.log(line);
      else if (/\] (Autograding|Copying submission|Converting notebook)/.test(line)) count += 1;
      else return;
      if (count > 0 && count % 25 === 0) console.log(`  ... ${count} notebooks`);
    });
  }
  const code = await ended(child);
  log.end();
  if (code !== 0) {
    console.log(`nbgrader ended with ${code}; its log is .cache/logs/nbgrader.log`);
    return 1;
  }
  return 0;
}

/**
 * Grades answers (grading/__main__.py).
 * @param {readonly string[]} args
 */
export async function runGrading(args) {
  return await ended(
    spawn(pythonOf(), ['-m', 'grading', ...args], { cwd: root, env: environment(),
      stdio: ['ignore', 'inherit', 'inherit'] }),
  );
}

/**
 * Writes the source notebook of an assignment into `target` (release.ts).
 * @param {string} notebook such as 16.5
 * @param {string} target a folder
 * @param {string} [explainer] the address to which links to the explainer lead
 * @throws {Trouble} if it cannot be made
 */
export async function runRelease(notebook, target, explainer) {
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  const program = join(folder, 'release.ts');
  const args = [notebook, target, ...(explainer ? [explainer] : [])];
  const code = await ended(
    spawn(process.execPath, [tsx, program, ...args], { cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'] }),
  );
  if (code !== 0)
    throw new Trouble(`${notebook} cannot be released.`, 'Read the lines above this one.');
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
function ended(child) {
  // Ctrl-C reaches the child too, which ends what it has started; this process waits for it.
  const wait = () => undefined;
  const pass = () => child.kill('SIGTERM');
  process.on('SIGINT', wait).on('SIGTERM', pass);
  return new Promise((settle, fail) => {
    child.on('error', fail).on('close', (code) => {
      process.off('SIGINT', wait).off('SIGTERM', pass);
      settle(code ?? 1);
    });
  });
}
