/** The folder of a course: nbgrader's sources, releases, submissions, gradebook and exchange. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
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
