/**
 * `npm run assignment -- STEP ASSIGNMENT`: hands notebooks out as assignments and gets scores back.
 * nbgrader does the work; each step prints the nbgrader command that it runs.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installAssignmentPackages } from '../setup/optional-packages.mjs';
import { install } from '../setup/install.mjs';
import { root } from '../setup/paths.mjs';
import { commandLine, runProgram, Trouble } from '../setup/program.mjs';
import { collect } from './collect.mjs';
import { makeCourse, releasedIn, studentsWith } from './course-folder.mjs';
import { exportScores } from './export.mjs';
import { command, sayNext } from './next-step.mjs';
import { nbgrader, runGrading, runRelease } from './programs.mjs';
import { refuseAddress, refuseNobody, refuseUngraded, refuseUnknown,
  refuseUnreleased } from './wanted.mjs';

const USAGE = `npm run assignment -- release 16.5     makes the student version of a notebook
                      --explainer URL  its links to the explainer lead to this address
npm run assignment -- collect 16.5     fetches submissions from nbgrader's exchange
                      --from FOLDER    from files that a learning platform gave you, or a .zip
npm run assignment -- grade 16.5       grades what was handed in, and goes on where it was stopped
                      --jobs 4         so many at once (by default one for each core)
                      --again          also what has a score already
npm run assignment -- feedback 16.5    makes a page for each student
                      --release        also lets those of nbgrader's exchange fetch theirs
npm run assignment -- export           writes all scores as CSV, and those by exercise beside them
                      --to FILE        into this file (by default in the course's folder)
                      --canvas FILE    for Canvas: FILE is the grade book that Canvas exported
Each takes --course FOLDER, the folder of the course (by default my-course).
lib/course/assignments/README.md says what is marked, and what isolation gives.`;

const STEPS = ['release', 'collect', 'grade', 'feedback', 'export'];

/**
 * @typedef {{ course: string, assignment: string, from?: string, jobs?: string, again?: boolean,
 *   release?: boolean, to?: string, canvas?: string, explainer?: string }} Options
 */

void runProgram(async () => {
  const { values, positionals } = commandLine({
    allowPositionals: true,
    options: {
      course: { type: 'string' },
      from: { type: 'string' },
      jobs: { type: 'string' },
      again: { type: 'boolean' },
      release: { type: 'boolean' },
      to: { type: 'string' },
      canvas: { type: 'string' },
      explainer: { type: 'string' },
    },
  }, USAGE);
  const [step = '', assignment = '', ...more] = positionals;
  const course = resolve(process.env['INIT_CWD'] ?? '.', values.course ?? join(root, 'my-course'));
  const isWhole = step === 'export' || /^[\w.-]+$/.test(assignment);
  if (!STEPS.includes(step) || !isWhole || more.length > 0) {
    const example = releasedIn(course)[0] ?? '16.5';
    throw new Trouble(
      STEPS.includes(step)
        ? `An assignment such as ${example} is wanted.`
        : `Unknown step '${step}'.`,
      `Use it like this:\n${USAGE}`,
    );
  }
  if (step === 'release') refuseUnknown(assignment);
  else refuseUnreleased(course, assignment);
  refuseAddress(values.explainer);
  await install();
  await installAssignmentPackages();
  const options = { ...values, course, assignment };
  if (step === 'release') return await release(options);
  if (step === 'collect') return await collect(options);
  if (step === 'grade') return await grade(options);
  if (step === 'feedback') return await feedback(options);
  return await exportScores(options);
});

/** @param {Options} options */
async function release({ course, assignment, explainer }) {
  makeCourse(course);
  const address = explainer?.replace(/(\/index\.html)?\/?$/, '/');
  await runRelease(assignment, join(course, 'source', assignment), address);
  await nbgrader(course, ['generate_assignment', assignment, '--force']);
  // nbgrader's exchange needs the accounts of a Unix system.
  const shared = process.platform === 'win32'
    ? 0
    : await nbgrader(course, ['release_assignment', assignment, '--force'], /Creating exchange/);
  const folder = join(course, 'release', assignment);
  console.log(`\nThe student version is ${join(folder, readdirSync(folder)[0] ?? '')}.
Students put it into my-notebooks/ of their copy of the course, work there, and hand in that file.
On a hub (lib/course/hub/README.md) they fetch and submit it in nbgrader's list of assignments.
The next step collects files that are named STUDENT_${readdirSync(folder)[0] ?? ''}, or as Canvas
names them; you may also put one into ${join(course, 'submitted', 'STUDENT', assignment)}.`);
  sayNext(course, 'collect', assignment, '--from', 'FOLDER');
  return shared;
}

/** @param {Options} options */
async function grade({ course, assignment, jobs, again }) {
  if (jobs !== undefined && !/^[1-9]\d*$/.test(jobs)) {
    throw new Trouble(
      `--jobs must be an integer of at least 1, got ${jobs}.`,
      `Use it like this:\n${USAGE}`,
    );
  }
  refuseNobody(course, assignment);
  const more = [...(jobs ? ['--jobs', jobs] : []), ...(again ? ['--again'] : [])];
  const graded = await runGrading([course, assignment, ...more]);
  if (graded > 1) return graded;
  const recorded = studentsWith(course, 'mended', assignment).length === 0 ? 0 : await nbgrader(
    course,
    ['autograde', assignment, '--CourseDirectory.submitted_directory=mended'],
  );
  const complete = await runGrading([course, assignment, '--verify']);
  const code = graded || recorded || complete;
  if (code === 0) sayNext(course, 'feedback', assignment);
  else {
    if (studentsWith(course, 'autograded', assignment).length > 0) {
      console.log(
        `Pages for those with points: ${command(course, 'feedback', assignment)}`,
      );
    }
    console.log('Not all have a score: this step has failed.');
  }
  return code;
}

/** @param {Options} options */
async function feedback({ course, assignment, release: isReleased }) {
  refuseNobody(course, assignment);
  refuseUngraded(course, assignment);
  const dropped = await runGrading([course, assignment, '--drop-outdated']);
  if (dropped !== 0) return dropped;
  refuseUngraded(course, assignment);
  const code = await nbgrader(course, ['generate_feedback', assignment]);
  if (code !== 0) {
    console.log('Pages need scores.');
    sayNext(course, 'grade', assignment);
    return code;
  }
  const pages = studentsWith(course, 'feedback', assignment);
  console.log(`The pages are in ${join(course, 'feedback')}: ${pages.join(', ')}.`);
  await runGrading([course, assignment, '--unscored']);
  const { inExchange, byFile } = howHandedIn(course, assignment);
  if (!isReleased || inExchange.length === 0) {
    if (isReleased) {
      console.log(
        "Nobody has handed in by nbgrader's exchange, from which students fetch pages: give "
          + 'them theirs.',
      );
    }
    if (inExchange.length > 0 && !isReleased) sayNext(course, 'feedback', assignment, '--release');
    else sayNext(course, 'export');
    return code;
  }
  const released = await nbgrader(course, ['release_feedback', assignment]);
  if (released === 0) {
    console.log(`In nbgrader's list of assignments can now be fetched: ${inExchange.join(', ')}.`);
    if (byFile.length > 0)
      console.log(`Handed in as files, to be given their pages by you: ${byFile.join(', ')}.`);
  }
  sayNext(course, 'export');
  return released;
}

/**
 * Who has a feedback page, by the way in which the graded submission came.
 * @param {string} course @param {string} assignment
 */
function howHandedIn(course, assignment) {
  const folder = join(course, 'feedback');
  const students = studentsWith(course, 'feedback', assignment);
  const isInExchange = (/** @type {string} */ name) =>
    existsSync(join(folder, name, assignment, 'submission_secret.txt'));
  return { inExchange: students.filter(isInExchange),
    byFile: students.filter((name) => !isInExchange(name)) };
}
