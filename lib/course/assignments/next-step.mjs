/** The commands that `npm run assignment` names for what comes next. */
import { join } from 'node:path';
import { root } from '../setup/paths.mjs';

/** A command for this course. @param {string} course @param {string[]} words */
export function command(course, ...words) {
  const where = course === join(root, 'my-course') ? '' : ` --course ${course}`;
  return `npm run assignment -- ${words.join(' ')}${where}`;
}

/** Prints the command that comes next. @param {string} course @param {string[]} words */
export function sayNext(course, ...words) {
  console.log(`Next: ${command(course, ...words)}`);
}
