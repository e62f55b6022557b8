/** Whether the course may write where it has to. */
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { cache, root, venv } from './paths.mjs';
import { Trouble } from './program.mjs';

/**
 * Whether `path`, or the nearest folder above it that is there, may be written.
 * @param {string} path
 */
export function isWritable(path) {
  let there = path;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  try {
    accessSync(there, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns {Trouble | undefined} the first folder of the course that may not be written */
export function writeTrouble() {
  const folder = [root, cache, venv].find((path) => !isWritable(path));
  return folder === undefined ? undefined : new Trouble(
    `The folder ${folder} cannot be written.`,
    'Give yourself the right to write there (on a shared machine, copy the course into a folder '
      + 'of your own), then try again.',
  );
}
