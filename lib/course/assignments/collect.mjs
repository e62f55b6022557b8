/** Collects what students hand in: the newest submission of each, whichever way it came. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync,
  writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Trouble } from '../setup/program.mjs';
import { handedIn } from './course-folder.mjs';
import { command, sayNext } from './next-step.mjs';
import { nbgrader } from './programs.mjs';

/**
 * Takes submissions from a folder of downloads, an archive or a single file or, without one, from
 * nbgrader's exchange.
 * @param {{ course: string, assignment: string, from?: string }} options
 * @returns {Promise<number>} the exit code
 * @throws {Trouble} if there is nothing of this name, or no submission in it
 */
export async function collect({ course, assignment, from }) {
  if (from === undefined) {
    return await collectFromExchange(course, assignment);
  }
  const source = resolve(process.env['INIT_CWD'] ?? '.', from);
  if (!existsSync(source)) {
    throw new Trouble(
      `There is no ${source}.`,
      'Name the folder of the downloads, or the archive (.zip) that the learning platform gave.',
    );
  }
  const isFile = statSync(source).isFile();
  if (!isFile && filesIn(source).length === 0)
    throw new Trouble(`There is no file in ${source}.`, howNamed(course, assignment));
  const downloaded = join(course, 'downloaded', assignment);
  const archive = join(downloaded, 'archive');
  rmSync(downloaded, { recursive: true, force: true }); // files of an earlier collect
  const began = Date.now();
  mkdirSync(archive, { recursive: true });
  cpSync(source, isFile ? join(archive, basename(source)) : archive, { recursive: true,
    preserveTimestamps: true });
  console.log(`Copied ${source} to ${archive}.`);
  const code = await nbgrader(course, ['zip_collect', assignment, '--force'], KNOWN);
  replaceEarlier(course, assignment, began);
  const report = join(downloaded, 'collected.json'); // grading/collect.py
  const collected = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
  if (collected) sayCollected(assignment, collected);
  if (code === 0 && !collected?.students.length) {
    throw new Trouble(
      isFile && !isArchive(source)
        ? `${source} is no submission of ${assignment}.`
        : `No file in ${source} is a submission of ${assignment}.`,
      howNamed(course, assignment),
    );
  }
  if (code === 0) sayNext(course, 'grade', assignment);
  return code;
}

/**
 * What sayCollected says in its own words, and what is no trouble: that a new file takes the place
 * of an old one, and that folders are made.
 */
const KNOWN = new RegExp(
  [
    'no match information',
    'did not match anything in',
    'Invalid submission notebook name',
    'files skipped',
    'not found\\. Creat',
    'Clearing existing files in',
  ].join('|'),
);

/** Whether nbgrader unpacks it. @param {string} file */
const isArchive = (file) => /\.(zip|gz)$/.test(file);

/** @param {string} folder */
const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

/** How the file of a submission is named. @param {string} course @param {string} assignment */
function howNamed(course, assignment) {
  const [notebook = ''] = readdirSync(join(course, 'release', assignment))
    .filter((name) => name.endsWith('.ipynb'));
  return `Give files that are named STUDENT_${notebook}, or as Canvas names them, in a folder or `
    + `an archive (.zip); for other names set FileNameCollectorPlugin.named_regexp in ${
      join(course, 'nbgrader_config.py')
    }.`;
}

/**
 * @param {string} assignment
 * @param {{ students: string[], older: string[], others: string[], unknown: string[] }} report
 */
function sayCollected(assignment, { students, older, others, unknown }) {
  if (students.length > 0)
    console.log(`Collected from ${students.length}: ${students.join(', ')}.`);
  if (older.length > 0)
    console.log(`Not taken, as the student has handed in a newer one: ${older.join(', ')}.`);
  if (others.length > 0)
    console.log(`NOT TAKEN, as their names are not of ${assignment}: ${others.join(', ')}.`);
  if (unknown.length > 0) {
    console.log(
      `NOT TAKEN, as they are no notebooks, or their names name no student: ${unknown.join(', ')}.`,
    );
  }
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
    else if (handedIn(course, assignment).length === 0) {
      throw new Trouble(
        `Nobody has handed in ${assignment} by nbgrader's exchange.`,
        `For files that students gave you: ${
          command(course, 'collect', assignment, '--from', 'FOLDER')
        }`,
      );
    }
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
