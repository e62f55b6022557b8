/** Runs the points of a sweep, several at once, each in a kernel of its own. */
import { existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { copyName, markCopy, type Values } from '../notebooks/copies';
import { execute, FailedRun } from '../notebooks/execute';
import { type Notebook, readNotebook, writeNotebook } from '../notebooks/notebook';
import { type Code, codeNow, notebookCode } from './code';

export interface SweepOptions {
  /** Where the executed notebooks go. One that is there runs again only if its code changed. */
  folder: string;
  /** How many run at once. */
  jobs: number;
  signal: AbortSignal;
  /** Called after each point that ran; `done` counts those that were there too. */
  onPoint: (point: { values: Values; done: number; failure?: string }) => void;
}

/** The file name of the executed notebook of a point. */
export const fileOf = (file: string, values: Values, failed = false): string =>
  copyName(basename(file), values, failed);

/** The name of the notebook that a point has left: the one without an error, if it is there. */
export function savedAs(folder: string, file: string, values: Values): string {
  const good = fileOf(file, values);
  return existsSync(join(folder, good)) ? good : fileOf(file, values, true);
}

/** What there is of a point: a run by the code of now, or by other code, or none without error. */
export type PointState = 'done' | 'missing' | 'other notebook' | 'other library';

/** The state of each point. */
export function statesOf(folder: string, file: string, points: readonly Values[]): PointState[] {
  const now = codeNow(readNotebook(file));
  return points.map((values) => {
    const copy = join(folder, fileOf(file, values));
    return existsSync(copy) ? stateOf(readNotebook(copy), now) : 'missing';
  });
}

function stateOf(copy: Notebook, now: Code): PointState {
  const { code } = (copy.metadata['course'] ?? {}) as { code?: Code };
  if ((code?.notebook ?? notebookCode(copy)) !== now.notebook) return 'other notebook';
  // papermill does not record by which lib it ran a notebook: the cells must do there
  return code !== undefined && code.library !== now.library ? 'other library' : 'done';
}

/**
 * Runs those points that are not done. A notebook is written as a whole when it ends, so a kill at
 * any moment loses only the points that run.
 */
export async function runPoints(
  file: string,
  points: readonly Values[],
  { folder, jobs, signal, onPoint }: SweepOptions,
): Promise<void> {
  const states = statesOf(folder, file, points);
  const waiting = points.filter((_, i) => states[i] !== 'done');
  let done = points.length - waiting.length;
  const worker = async (): Promise<void> => {
    for (let values = waiting.shift(); values; values = waiting.shift()) {
      const failure = await runPoint(file, values, folder, signal);
      if (signal.aborted) return;
      onPoint({ values, done: ++done, ...(failure !== undefined && { failure }) });
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, waiting.length) }, worker));
}

/** Runs one point and saves it. Returns the cell and the error, if it fails. */
async function runPoint(
  file: string,
  values: Values,
  folder: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [good, failed] = [false, true].map((each) => join(folder, fileOf(file, values, each))) as [
    string,
    string,
  ];
  const source = readNotebook(file);
  const code = codeNow(source); // before the run: an edit during it counts as one after it
  const save = (target: string, notebook: Notebook, failure?: string): void => {
    const marked = markCopy(notebook, values);
    const course = { parameters: values, code, ...(failure !== undefined && { failure }) };
    writeNotebook(target, { ...marked, metadata: { ...marked.metadata, course } });
    rmSync(target === good ? failed : good, { force: true });
  };
  try {
    const [now] = await execute([file], { params: values, signal });
    save(good, now!); // one file, one copy
    return undefined;
  } catch (error) {
    if (signal.aborted) return undefined;
    const failure = (error as Error).message;
    const [now] = error instanceof FailedRun ? error.notebooks : [];
    save(failed, now ?? source, failure);
    return failure;
  }
}
