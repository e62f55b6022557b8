/**
 * Runs of a notebook that its reader keeps for comparison: one file each, in a folder beside the
 * reader's copies of the notebooks, which may be deleted at any time.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { ParameterValue } from './declaration';
import { writeWholeSync } from './write-file';

/** A curve; null where it has a gap. */
export interface KeptCurve {
  readonly name: string;
  readonly x: readonly (number | null)[];
  readonly y: readonly (number | null)[];
}

export interface KeptRun {
  readonly name: string;
  /** When it was kept, in milliseconds since 1970. */
  readonly time: number;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** The curves of each figure, by a text that the figure has in every run. */
  readonly figures: Readonly<Record<string, readonly KeptCurve[]>>;
}

/**
 * The notebook of this kernel, such as `16.3`, from the variable that Jupyter sets; `notebook`
 * where there is none.
 */
function notebookName(): string {
  const name = basename(process.env['JPY_SESSION_NAME'] ?? '', '.ipynb');
  return /^\d+\.\d+/.exec(name)?.[0] ?? (name || 'notebook');
}

/** Keeps a run in place of an earlier one of its name. Returns the file's path from here. */
export function keepRun(run: KeptRun, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, startOf(notebookName()) + encoded(run.name) + ENDING);
  writeWholeSync(file, `${JSON.stringify(run)}\n`);
  return relative(process.cwd(), file);
}

/** The kept runs of this notebook, the latest first, and the files that cannot be read. */
export function keptRuns(folder: string): { runs: KeptRun[]; damaged: string[] } {
  const start = startOf(notebookName());
  const names = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.startsWith(start) && name.endsWith(ENDING))
    : [];
  const read = names.sort().map((name) => ({ name, run: runFrom(join(folder, name)) }));
  return {
    runs: read.flatMap(({ run }) => run ?? []).sort((a, b) => b.time - a.time),
    damaged: read.filter(({ run }) => !run).map(({ name }) => name),
  };
}

const ENDING = '.json';
const startOf = (notebook: string): string => `${encoded(notebook)} `;

/** A text as part of a file name on any system. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/\*/g, '%2A').replace(/%20/g, ' ');
}

function runFrom(file: string): KeptRun | undefined {
  try {
    const run = JSON.parse(readFileSync(file, 'utf8')) as Partial<KeptRun>;
    const { name, time, parameters, figures = {} } = run;
    const sound = typeof name === 'string' && Number.isFinite(time) && parameters instanceof Object
      && Object.values(figures).flat().every(isCurve);
    return sound ? { name, time: time!, parameters, figures } : undefined;
  } catch {
    return undefined;
  }
}

function isCurve({ name, x, y }: KeptCurve): boolean {
  const isRow = (values: unknown): boolean =>
    Array.isArray(values)
    && values.every((value) => value === null || typeof value === 'number');
  return typeof name === 'string' && isRow(x) && isRow(y) && x.length === y.length;
}
