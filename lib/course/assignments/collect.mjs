/** Collects what students hand in: the newest submission of each, whichever way it came. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync,
  writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
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
  mkdirSync(archive, { recursive: true });
  cpSync(source, isFile ? join(archive, basename(source)) : archive, { recursive: true,
    preserveTimestamps: true });
  console.log(`Copied ${source} to ${archive}.`);
  const code = await nbgrader(course, ['zip_collect', assignment, '--force'], KNOWN);
  const file = join(downloaded, 'collected.json');
  /** @type {Report | undefined} */
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  if (report) {
    if (code === 0) rememberTimes(course, assignment, report.taken);
    sayCollected(course, assignment, report);
  }
  const isOne = [report?.taken, report?.same, report?.outdated].some((each) => each?.length);
  if (code === 0 && !isOne) {
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
 * What grading/collect.py found: the files that were taken, students whose file was there already,
 * files that are older than what the student has handed in, or than another one of them, and
 * files of something else. Times are in seconds.
 * @typedef {{ student: string, file: string, time: number, order: number | null,
 *   digest: string }} Taken
 * @typedef {{ taken: Taken[], same: string[], older: string[], others: string[], unknown: string[],
 *   outdated: (Taken & { newer: { time: number, order: number | null } })[] }} Report
 */

/** @param {string} course @param {string} assignment @param {Report} report */
function sayCollected(course, assignment, { taken, same, outdated, older, others, unknown }) {
  const names = taken.map(({ student }) => student);
  if (names.length > 0) console.log(`Collected from ${names.length}: ${names.join(', ')}.`);
  if (same.length > 0) console.log(`There already, the same file: ${same.join(', ')}.`);
  if (outdated.length > 0) {
    console.log('NOT TAKEN, as what the student has handed in is newer:');
    for (const { student, file, time, order, newer } of outdated) {
      const both = order !== null && newer.order !== null
        ? "an earlier attempt by Canvas's number"
        : `of ${inWords(time)}; there is one of ${inWords(newer.time)}`;
      console.log(`  ${student}: ${file}, ${both}`);
    }
    console.log(
      `To take such a file all the same, remove ${
        join(course, 'submitted', 'STUDENT', assignment)
      } and collect again.`,
    );
  }
  if (older.length > 0)
    console.log(`Not taken, as there is a newer one of the same student: ${older.join(', ')}.`);
  if (others.length > 0)
    console.log(`NOT TAKEN, as their names are not of ${assignment}: ${others.join(', ')}.`);
  if (unknown.length > 0) {
    console.log(
      `NOT TAKEN, as they are no notebooks, or their names name no student: ${unknown.join(', ')}.`,
    );
  }
}

/** A time in the time zone of this machine. @param {number} seconds */
const inWords = (seconds) =>
  new Date(seconds * 1000).toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'short' });

/**
 * Gives the collected files the times of their downloads, with which later ones are compared, and
 * keeps Canvas's numbers.
 * @param {string} course @param {string} assignment @param {Taken[]} taken
 */
function rememberTimes(course, assignment, taken) {
  for (const { student, time, order, digest } of taken) {
    const folder = join(course, 'submitted', student, assignment);
    for (const name of readdirSync(folder)) utimesSync(join(folder, name), time, time);
    const kept = join(course, 'verdicts', assignment, `${student}.collected`);
    mkdirSync(dirname(kept), { recursive: true });
    writeFileSync(kept, JSON.stringify(order === null ? {} : { [digest]: order }));
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
