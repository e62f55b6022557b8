/**
 * `npm run notebooks -- --corners`: notebooks at the ends of their parameters' ranges, where an
 * author is least likely to have tried them.
 */
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import type { Declaration, ParameterValue } from '../../base/declaration';
import type { Declarations } from '../../base/params';
import { Random } from '../../base/random';
import type { Values } from '../notebooks/copies';
import { readNotebook } from '../notebooks/notebook';
import { readParameters } from '../notebooks/read-parameters';
import { cache } from '../setup/paths.mjs';
import { runWithProgress } from './progress';
import { savedAs, type Task } from './run';

/** How many random points each notebook has. */
const RANDOM_POINTS = 3;

/**
 * Each parameter at both ends of its range (or at each choice) with the others at their defaults;
 * all at their lower ends and all at their upper ones; and a few random points. The ends of a text
 * are those of {@link textCorners}.
 */
export function cornersOf(all: Declarations, seed: number): Values[] {
  const entries = Object.entries(all).map(([name, each]) => [name, endsOf(each), each] as const)
    .filter(([, ends]) => ends.length > 0);
  const single = entries.flatMap(([name, ends, { default: usual }]) =>
    ends.filter((end) => end !== usual).map((end) => ({ [name]: end }))
  );
  if (entries.length === 0) return [];
  const low = Object.fromEntries(entries.map(([name, ends]) => [name, ends[0]]));
  const high = Object.fromEntries(entries.map(([name, ends]) => [name, ends.at(-1)]));
  const random = new Random(seed);
  const inside = Array.from(
    { length: RANDOM_POINTS },
    () => Object.fromEntries(entries.map(([name, , each]) => [name, anyOf(each, random)])),
  );
  return [...single, low, high, ...inside];
}

const NOT_ALLOWED = 'The agent opened a pull request for review and the reviewer merged the change'
  .split(' ');
const ENDED = ['The', 'agent', 'waited', '.'];

/** "The agent waited and waited and …": the grammar allows it at every length. */
const waiting = (length: number): string[] =>
  Array.from(
    { length },
    (_, i) => ['The', 'agent', 'waited'][i] ?? (i % 2 === 1 ? 'and' : 'waited'),
  );

/**
 * The shortest text that is taken, one that the grammar does not allow, one that ends in a full
 * stop, and the longest.
 */
function textCorners([from, to]: readonly [number, number]): string[] {
  const texts = [waiting(from), NOT_ALLOWED, ENDED, waiting(to)];
  return texts.filter(({ length }) => length >= from && length <= to)
    .map((words) => words.join(' '));
}

function endsOf({ default: usual, range, choices, words }: Declaration): ParameterValue[] {
  if (choices) return [...choices];
  if (words) return textCorners(words).map((text) => Array.isArray(usual) ? [text] : text);
  if (typeof usual === 'boolean') return [false, true];
  return range && typeof usual === 'number' ? [...range] : [];
}

function anyOf(declared: Declaration, random: Random): ParameterValue {
  const { default: usual, range } = declared;
  if (!range) {
    const ends = endsOf(declared);
    return ends[random.integer(ends.length)]!;
  }
  const [from, to] = range;
  if ([usual, from, to].every(Number.isInteger)) return from + random.integer(to - from + 1);
  return Number((from + (to - from) * random.uniform()).toPrecision(3));
}

/**
 * The corners of these notebooks, or of them the part `K/N`: every Nth, from the Kth on, so that
 * each part has some of every notebook.
 * @throws RangeError for a part that is not there
 */
export function cornerTasks(files: readonly string[], part = '1/1', seed = 16): Task[] {
  const [, k, n] = (/^(\d+)\/(\d+)$/.exec(part) ?? []).map(Number);
  if (k === undefined || n === undefined || k < 1 || k > n)
    throw new RangeError(`--part must be K/N with K from 1 to N, got "${part}"`);
  const folder = join(cache, 'corners');
  return files.flatMap((file) =>
    cornersOf(readParameters(readNotebook(file)).all, seed).map((values) => ({ file, values,
      folder })
    )
  ).filter((_, i) => i % n === k - 1);
}

/** Runs the tasks. Returns the exit code: 1 if a notebook failed, 130 if it was interrupted. */
export async function runCorners(tasks: readonly Task[]): Promise<number> {
  if (!(await runWithProgress(tasks, availableParallelism()))) return 130;
  const failed = tasks.filter((task) => savedAs(task).endsWith('--failed.ipynb'));
  for (const task of failed) console.error(`failed: ${basename(savedAs(task))}`);
  const points = tasks.length === 1 ? '1 point' : `${tasks.length} points`;
  console.log(`${tasks.length - failed.length} of ${points} ran without an error`);
  return failed.length > 0 ? 1 : 0;
}
