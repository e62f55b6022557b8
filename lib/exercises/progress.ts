/** Which exercises a learner has tried and solved, in a file that they may delete. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { PROGRESS_FILE } from '../base/paths';
import { writeWholeSync } from '../base/write-file';

/** What is known of one exercise. */
export interface Attempts {
  /** How often a changed answer was checked. */
  readonly attempts: number;
  readonly solved: boolean;
  /** How many hints were read. */
  readonly hints: number;
}

/** By the id of the exercise. */
export type Records = Readonly<Record<string, Attempts>>;

/** The records so far; none if there is no file, or if it cannot be read as one. */
export function readProgress(path = PROGRESS_FILE): { file: string; records: Records } {
  const file = relative(process.cwd(), path);
  if (!existsSync(path)) return { file, records: {} };
  try {
    return { file, records: JSON.parse(readFileSync(path, 'utf8')) as Records };
  } catch {
    return { file, records: {} };
  }
}

/** Writes the records; where that is impossible, a check works all the same. */
export function writeProgress(records: Records, path = PROGRESS_FILE): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeWholeSync(path, `${JSON.stringify(records, null, 2)}\n`);
  } catch {
    // a folder without the right to write
  }
}
