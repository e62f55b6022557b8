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

/** A record of a file that anyone may have changed; undefined if it is none. */
function recordFrom(value: unknown): Attempts | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { attempts, solved, hints } = value as Partial<Attempts>;
  const isCount = (count: unknown): count is number =>
    Number.isSafeInteger(count) && count as number >= 0;
  return isCount(attempts) && isCount(hints) && typeof solved === 'boolean'
    ? { attempts, solved, hints }
    : undefined;
}

/** The records so far, without those that are damaged; none if there is no file. */
export function readProgress(path = PROGRESS_FILE): { file: string; records: Records } {
  const file = relative(process.cwd(), path);
  if (!existsSync(path)) return { file, records: {} };
  try {
    const read = Object.entries(JSON.parse(readFileSync(path, 'utf8')) as object);
    const whole = read.flatMap(([id, value]) => {
      const record = recordFrom(value);
      return record ? [[id, record] as const] : [];
    });
    return { file, records: Object.fromEntries(whole) };
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
