/**
 * `npm run assignment -- STEP ASSIGNMENT`: hands notebooks out as assignments and gets scores back.
 * nbgrader does the work; each step prints the nbgrader command that it runs.
 */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync,
  writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installAssignmentPackages } from '../setup/optional-packages.mjs';
import { install } from '../setup/install.mjs';
import { root } from '../setup/paths.mjs';
import { commandLine, runProgram, Trouble } from '../setup/program.mjs';
import { makeCourse } from './course-folder.mjs';
import { nbgrader, runGrading, runRelease } from './programs.mjs';

const USAGE = `npm run assignment -- release 16.5     makes the student version of a notebook
npm run assignment -- collect 16.5     fetches submissions from nbgrader's exchange
                      --from FOLDER    from a folder of files that a learning platform gave you
npm run assignment -- grade 16.5       grades what was handed in, and goes on where it was stopped
                      --jobs 4         so many at once (by default one for each core)
                      --again          also what has a score already
npm run assignment -- feedback 16.5    makes a page for each student
npm run assignment -- export           writes all scores as CSV
                      --to FILE        into this file (by default in the course's folder)
                      --canvas FILE    for Canvas: FILE is the grade book that Canvas exported
Each takes --course FOLDER, the folder of the course (by default my-course).`;

const STEPS = ['release', 'collect', 'grade', 'feedback', 'export'];

/**
 * @typedef {{ course: string, assignment: string, from?: string, jobs?: string, again?: boolean,
 *   to?: string, canvas?: string }} Options
 */

void runProgram(async () => {
  const { values, positionals } = commandLine({
    allowPositionals: true,
    options: {
      course: { type: 'string' },
      from: { type: 'string' },
      jobs: { type: 'string' },
      again: { type: 'boolean' },
      to: { type: 'string' },
      canvas: { type: 'string' },
    },
  }, USAGE);
  const [step = '', assignment = '', ...more] = positionals;
  const isWhole = step === 'export' || /^[\w.-]+$/.test(assignment);
  if (!STEPS.includes(step) || !isWhole || more.length > 0) {
    throw new Trouble(
      STEPS.includes(step) ? 'An assignment such as 16.5 is wanted.' : `Unknown step '${step}'.`,
      `Use it like this:\n${USAGE}`,
    );
  }
  const notebooks = readdirSync(join(root, 'notebooks')).filter((name) => name.endsWith('.ipynb'));
  if (step === 'release' && !notebooks.some((name) => name.startsWith(`${assignment}-`))) {
    throw new Trouble(
      `There is no notebook ${assignment} to release.`,
      `There are ${notebooks.map((name) => name.split('-')[0]).join(', ')}.`,
    );
  }
  await install();
  await installAssignmentPackages();
  const course = resolve(process.env['INIT_CWD'] ?? '.', values.course ?? join(root, 'my-course'));
  const options = { ...values, course, assignment };
  if (step === 'release') return await release(options);
  if (!existsSync(join(course, 'gradebook.db'))) {
    throw new Trouble(
      `${course} is not the folder of a course.`,
      'Make one with npm run assignment -- release 16.5, or name it with --course FOLDER.',
    );
  }
  if (step === 'collect') return await collect(options);
  if (step === 'grade') return await grade(options);
  if (step === 'feedback') return await feedback(options);
  return await exportScores(options);
});

/** @param {Options} options */
async function release({ course, assignment }) {
  makeCourse(course);
  await runRelease(assignment, join(course, 'source', assignment));
  await nbgrader(course, ['generate_assignment', assignment, '--force']);
  // nbgrader's exchange needs the accounts of a Unix system.
  const shared = process.platform === 'win32'
    ? 0
    : await nbgrader(course, ['release_assignment', assignment, '--force']);
  const folder = join(course, 'release', assignment);
  console.log(`\nThe student version is ${join(folder, readdirSync(folder)[0] ?? '')}.
Students put it into my-notebooks/ of their copy of the course, work there, and hand in that file.
Put what they hand in into ${join(course, 'submitted', 'STUDENT', assignment)}, or let
npm run assignment -- collect do it. On a hub (lib/course/hub/README.md) students fetch and
submit it in nbgrader's list of assignments.`);
  sayNext(course, 'collect', assignment, '--from', 'FOLDER');
  return shared;
}

/** @param {Options} options */
async function collect({ course, assignment, from }) {
  if (from === undefined) {
    return await collectFromExchange(course, assignment);
  }
  const source = resolve(process.env['INIT_CWD'] ?? '.', from);
  if (!existsSync(source))
    throw new Trouble(`There is no folder ${source}.`, 'Name the folder of the downloads.');
  const downloaded = join(course, 'downloaded', assignment);
  const archive = join(downloaded, 'archive');
  rmSync(downloaded, { recursive: true, force: true }); // files of an earlier collect
  const began = Date.now();
  cpSync(source, archive, { recursive: true, preserveTimestamps: true });
  console.log(`Copied ${source} to ${archive}.`);
  // What sayCollected says in its own words, and what is no trouble.
  const known =
    /no match information|Invalid submission notebook name|files skipped|not found\. Creat/;
  const code = await nbgrader(course, ['zip_collect', assignment, '--force'], known);
  replaceEarlier(course, assignment, began);
  const report = join(downloaded, 'collected.json'); // grading/collect.py
  if (existsSync(report)) sayCollected(JSON.parse(readFileSync(report, 'utf8')));
  if (code === 0) sayNext(course, 'grade', assignment);
  return code;
}

/** @param {{ students: string[], older: string[], unknown: string[] }} report */
function sayCollected({ students, older, unknown }) {
  console.log(`Collected from ${students.length}: ${students.join(', ')}.`);
  if (older.length > 0)
    console.log(`Not taken, as the student has handed in a newer one: ${older.join(', ')}.`);
  if (unknown.length > 0) {
    console.log(
      `NOT TAKEN, as they are no notebooks, or their names name no student: ${unknown.join(', ')}.`,
    );
  }
}

/** A command for this course. @param {string} course @param {string[]} words */
function command(course, ...words) {
  const where = course === join(root, 'my-course') ? '' : ` --course ${course}`;
  return `npm run assignment -- ${words.join(' ')}${where}`;
}

/** @param {string} course @param {string[]} words */
function sayNext(course, ...words) {
  console.log(`Next: ${command(course, ...words)}`);
}

/**
 * Collects the newest submission of each student from nbgrader's exchange, unless a newer file came
 * by `--from`: nbgrader compares times, so files without one get theirs while it looks.
 * @param {string} course @param {string} assignment
 */
async function collectFromExchange(course, assignment) {
  const stamps = stampFiles(course, assignment);
  try {
    // On a trial hub the students share the account of the instructor.
    const trial = existsSync(join(course, 'hub', 'trial'));
    if (trial) console.log('A trial: who owns a submission is not checked.');
    const owner = trial ? ['--ExchangeCollect.check_owner=False'] : [];
    const code = await nbgrader(course, ['collect', assignment, '--update', ...owner]);
    if (code !== 0)
      console.log("Without nbgrader's exchange, collect a folder of files: --from FOLDER.");
    return code;
  } finally {
    for (const [file, text] of stamps)
      if (existsSync(file) && readFileSync(file, 'utf8') === text) rmSync(file);
  }
}

/**
 * Writes the time of the newest file beside submissions that have no time.
 * @param {string} course @param {string} assignment
 * @returns {Map<string, string>} the files that were written, with their texts
 */
function stampFiles(course, assignment) {
  const submitted = join(course, 'submitted');
  const folders = existsSync(submitted)
    ? readdirSync(submitted).map((student) => join(submitted, student, assignment))
    : [];
  const stamps = new Map();
  for (const folder of folders) {
    const stamp = join(folder, 'timestamp.txt');
    if (!existsSync(folder) || existsSync(stamp)) continue;
    const times = readdirSync(folder).map((name) => statSync(join(folder, name)).mtimeMs);
    const newest = new Date(Math.max(0, ...times)).toISOString();
    const text = newest.replace('T', ' ').replace('Z', '000 UTC');
    writeFileSync(stamp, text);
    stamps.set(stamp, text);
  }
  return stamps;
}

/**
 * Removes what a student handed in before, where something has been collected since `began`: a
 * platform may give the new file a different name.
 * @param {string} course @param {string} assignment @param {number} began in milliseconds
 */
function replaceEarlier(course, assignment, began) {
  const submitted = join(course, 'submitted');
  if (!existsSync(submitted)) return;
  for (const student of readdirSync(submitted)) {
    const folder = join(submitted, student, assignment);
    if (!existsSync(folder)) continue;
    const files = readdirSync(folder).filter((name) => name.endsWith('.ipynb')).map((name) => {
      const path = join(folder, name);
      return { path, isNew: statSync(path).mtimeMs >= began };
    });
    if (!files.some(({ isNew }) => isNew)) continue;
    for (const { path } of files.filter(({ isNew }) => !isNew)) rmSync(path);
  }
}

/** @param {Options} options */
async function grade({ course, assignment, jobs, again }) {
  if (jobs !== undefined && !/^[1-9]\d*$/.test(jobs)) {
    throw new Trouble(
      `--jobs must be an integer of at least 1, got ${jobs}.`,
      `Use it like this:\n${USAGE}`,
    );
  }
  const submitted = join(course, 'submitted');
  const isHandedIn = existsSync(submitted)
    && readdirSync(submitted).some((student) => existsSync(join(submitted, student, assignment)));
  if (!isHandedIn) {
    throw new Trouble(
      `Nobody has handed in ${assignment}.`,
      `${command(course, 'collect', assignment, '--from', 'FOLDER')} takes what students gave you.`,
    );
  }
  const more = [...(jobs ? ['--jobs', jobs] : []), ...(again ? ['--again'] : [])];
  const graded = await runGrading([course, assignment, ...more]);
  if (graded > 1) return graded;
  const mended = join(course, 'mended');
  const some = existsSync(mended)
    && readdirSync(mended).some((student) => existsSync(join(mended, student, assignment)));
  if (!some) return graded;
  const recorded = await nbgrader(course, [
    'autograde',
    assignment,
    '--CourseDirectory.submitted_directory=mended',
  ]);
  const complete = await runGrading([course, assignment, '--verify']);
  sayNext(course, 'feedback', assignment);
  return graded || recorded || complete;
}

/** @param {Options} options */
async function feedback({ course, assignment }) {
  const code = await nbgrader(course, ['generate_feedback', assignment]);
  console.log(
    code === 0
      ? `The pages are in ${join(course, 'feedback')}, a folder for each student.`
      : 'Pages need scores.',
  );
  sayNext(course, ...(code === 0 ? ['export'] : ['grade', assignment]));
  return code;
}

/** @param {Options} options */
async function exportScores({ course, assignment, to, canvas }) {
  const here = process.env['INIT_CWD'] ?? '.';
  const file = to ? resolve(here, to) : join(course, canvas ? 'canvas.csv' : 'grades.csv');
  if (canvas) checkGradeBook(resolve(here, canvas));
  const only = assignment ? [`--assignment=['${assignment}']`] : [];
  const plugin = canvas ? 'grading.export.CanvasPlugin' : 'grading.export.ScoresPlugin';
  const roster = canvas ? [`--CanvasPlugin.roster=${resolve(here, canvas)}`] : [];
  const code = await nbgrader(course, [
    'export',
    `--exporter=${plugin}`,
    `--to=${file}`,
    ...only,
    ...roster,
  ]);
  if (code === 0) console.log(`The scores are in ${file}.`);
  return code;
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
