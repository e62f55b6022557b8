/** Exports scores: as CSV, by exercise too, and for Canvas. */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync,
  statSync } from 'node:fs';
import { dirname, join, parse, resolve } from 'node:path';
import { Trouble } from '../setup/program.mjs';
import { handedIn, releasedIn } from './course-folder.mjs';
import { sayNext } from './next-step.mjs';
import { nbgrader, runGrading } from './programs.mjs';

/**
 * Writes the scores of one assignment, or of all without one.
 * @param {{ course: string, assignment: string, to?: string, canvas?: string }} options
 * @returns {Promise<number>} the exit code
 * @throws {Trouble} if `canvas` is not what Canvas exports, or `to` no file can be
 */
export async function exportScores({ course, assignment, to, canvas }) {
  const here = process.env['INIT_CWD'] ?? '.';
  const file = to ? resolve(here, to) : join(course, canvas ? 'canvas.csv' : 'grades.csv');
  if (canvas) checkGradeBook(resolve(here, canvas));
  const only = assignment ? [`--assignment=['${assignment}']`] : [];
  const plugin = canvas ? 'grading.export.CanvasPlugin' : 'grading.export.ScoresPlugin';
  const byExercise = byExerciseFile(file);
  const more = canvas
    ? [`--CanvasPlugin.roster=${resolve(here, canvas)}`]
    : [`--ScoresPlugin.by_exercise=${byExercise}`];
  makeRoom(canvas ? [file] : [file, byExercise]);
  const code = await nbgrader(course, [
    'export',
    `--exporter=${plugin}`,
    `--to=${file}`,
    ...only,
    ...more,
  ]);
  if (code !== 0) return code;
  const wanted = assignment ? [assignment] : releasedIn(course);
  const where = `${file}${canvas ? '' : `, by exercise in ${byExercise}`}`;
  if (wanted.every((name) => handedIn(course, name).length === 0)) {
    console.log(`Nobody has handed in ${wanted.join(' or ') || 'anything'}: there are no scores yet.
The tables that wait for them are in ${where}.`);
    sayNext(course, 'collect', wanted[0] ?? '16.5', '--from', 'FOLDER');
    return code;
  }
  console.log(`The scores are in ${where}.`);
  for (const name of wanted) await runGrading([course, name, '--unscored']);
  return code;
}

/** The file beside `file` that has a line for each exercise. @param {string} file */
function byExerciseFile(file) {
  const { dir, name, ext } = parse(file);
  return join(dir, `${name}-by-exercise${ext}`);
}

/**
 * Makes the folder of files that will be written.
 * @param {readonly string[]} files @throws {Trouble} if one of them cannot be written
 */
function makeRoom(files) {
  for (const file of files) {
    try {
      mkdirSync(dirname(file), { recursive: true });
      closeSync(openSync(file, 'a'));
      if (statSync(file).size === 0) rmSync(file);
    } catch (error) {
      const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
      throw new Trouble(
        code === 'EISDIR' ? `${file} is a folder.` : `${file} cannot be written: ${message}.`,
        `Name a file that may be written, such as --to ${
          code === 'EISDIR' ? join(file, 'grades.csv') : 'grades.csv'
        }`,
      );
    }
  }
}

/** @param {string} file @throws {Trouble} if it is not what Canvas exports */
function checkGradeBook(file) {
  const head = existsSync(file) ? readFileSync(file, 'utf8').split('\n', 1)[0] ?? '' : undefined;
  if (head !== undefined && /Student.*\bID\b/.test(head)) return;
  throw new Trouble(
    head === undefined
      ? `There is no file ${file}.`
      : `${file} is no grade book of Canvas: its first line has no Student and ID.`,
    'Export the grade book in Canvas (Grades > Export), and name that file.',
  );
}
