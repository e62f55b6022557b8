/** What a step of `npm run assignment` wants to be there, and what to do where it is not. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/paths.mjs';
import { Trouble } from '../setup/program.mjs';
import { handedIn, releasedIn, studentsWith } from './course-folder.mjs';
import { command } from './next-step.mjs';

/** The numbers of the notebooks, such as 16.5. */
const notebookNumbers = () =>
  readdirSync(join(root, 'notebooks')).filter((name) => name.endsWith('.ipynb'))
    .map((name) => name.split('-')[0] ?? '');

/** @param {string} assignment @throws {Trouble} if no notebook has this number */
export function refuseUnknown(assignment) {
  const numbers = notebookNumbers();
  if (numbers.includes(assignment)) return;
  throw new Trouble(
    `There is no notebook ${assignment} to release.`,
    `There are ${numbers.join(', ')}.`,
  );
}

/**
 * @param {string} course
 * @param {string} assignment empty for all
 * @throws {Trouble} if it has not been released in this course
 */
export function refuseUnreleased(course, assignment) {
  const released = releasedIn(course);
  const has = `The course has released ${released.join(', ') || 'nothing'}.`;
  const isNotebook = notebookNumbers().includes(assignment);
  const release = command(course, 'release', isNotebook ? assignment : released[0] ?? '16.5');
  if (!existsSync(join(course, 'gradebook.db'))) {
    throw new Trouble(
      `${course} is not the folder of a course: it has no gradebook.db.`,
      `${released.length > 0 ? `${has} ` : ''}Name the folder with --course FOLDER, `
        + `or make a grade book in this one: ${release}`,
    );
  }
  if (assignment === '' || released.includes(assignment)) return;
  throw new Trouble(
    `${assignment} has not been released in ${course}.`,
    isNotebook ? `${has} To release it: ${release}` : `${has} There is no notebook ${assignment}.`,
  );
}

/** @param {string} course @param {string} assignment @throws {Trouble} if there is no submission */
export function refuseNobody(course, assignment) {
  if (handedIn(course, assignment).length > 0) return;
  throw new Trouble(
    `Nobody has handed in ${assignment}.`,
    `Collect what students gave you: ${command(course, 'collect', assignment, '--from', 'FOLDER')}`,
  );
}

/** @param {string} course @param {string} assignment @throws {Trouble} if nothing has a score */
export function refuseUngraded(course, assignment) {
  if (studentsWith(course, 'autograded', assignment).length > 0) return;
  throw new Trouble(
    `No submission of ${assignment} has a score yet, and a page of feedback shows one.`,
    `Grade first: ${command(course, 'grade', assignment)}`,
  );
}

/** @param {string | undefined} address @throws {Trouble} unless it is one of the web, or none */
export function refuseAddress(address) {
  if (address === undefined || /^https:\/\/[^\s()#?]+$/.test(address)) return;
  throw new Trouble(
    `--explainer must be the https:// address of the folder, got ${address}.`,
    'Put the folder that npm run site makes on a web server, and give its address, https://…',
  );
}
