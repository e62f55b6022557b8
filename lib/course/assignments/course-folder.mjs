/** The folder of a course: nbgrader's sources, releases, submissions, gradebook and exchange. */
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * Makes the folder, with settings that the instructor may change, unless it is there.
 * @param {string} course its absolute path
 */
export function makeCourse(course) {
  mkdirSync(course, { recursive: true });
  const settings = join(course, 'nbgrader_config.py');
  if (!existsSync(settings)) writeFileSync(settings, courseSettings(basename(course)));
}

/** The assignments that have been released, in order of their names. @param {string} course */
export function releasedIn(course) {
  const folder = join(course, 'release');
  return namesIn(folder).filter((name) =>
    statSync(join(folder, name)).isDirectory()
    && namesIn(join(folder, name)).some((file) => file.endsWith('.ipynb'))
  );
}

/**
 * The students who have a folder of the assignment in a step's folder, such as `autograded`.
 * @param {string} course @param {string} step @param {string} assignment
 */
export const studentsWith = (course, step, assignment) =>
  namesIn(join(course, step)).filter((name) => existsSync(join(course, step, name, assignment)));

/** Who has handed in. @param {string} course @param {string} assignment */
export const handedIn = (course, assignment) => studentsWith(course, 'submitted', assignment);

/** @param {string} folder @returns {string[]} */
function namesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => !name.startsWith('.')).sort();
}

/** @param {string} name */
const courseSettings = (name) =>
  `# Settings of nbgrader for this course; those of the programs come before them.
c = get_config()
c.CourseDirectory.course_id = ${JSON.stringify(name)}
# How 'collect --from' reads the student and the file from a path:
# c.FileNameCollectorPlugin.named_regexp = r".*/(?P<student_id>[^/_]+)_.*?(?P<file_id>[^/_]+)"
# Where releases and submissions are exchanged, if not in the folder 'exchange' beside this file:
# c.Exchange.root = "/srv/nbgrader/exchange"
`;
