/** Runs the points of a sweep, several at once, each in a kernel of its own. */
import { existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { copyName, markCopy, type Values } from '../notebooks/copies';
import { execute, FailedRun } from '../notebooks/execute';
import { hasTag, isCode, readNotebook, textOf, writeNotebook } from '../notebooks/notebook';

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

/**
 * Whether a point has been run without an error, by the code that the notebook has now. The files
 * of lib are not compared.
 */
export function isDone(folder: string, file: string, values: Values): boolean {
  const copy = join(folder, fileOf(file, values));
  return existsSync(copy) && codeOf(copy) === codeOf(file);
}

const codeOf = (file: string): string =>
  JSON.stringify(
    readNotebook(file).cells.filter(isCode).filter((cell) => !hasTag(cell, 'injected-parameters'))
      .map(({ source }) => textOf(source)),
  );

/**
 * Runs those points that are not done. A notebook is written as a whole when it ends, so a kill at
 * any moment loses only the points that run.
 */
export async function runPoints(
  file: string,
  points: readonly Values[],
  { folder, jobs, signal, onPoint }: SweepOptions,
): Promise<void> {
  const waiting = points.filter((values) => !isDone(folder, file, values));
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
  const failedFile = join(folder, fileOf(file, values, true));
  try {
    const [now] = await execute([file], { params: values, signal });
    writeNotebook(join(folder, fileOf(file, values)), markCopy(now!, values)); // one file, one copy
    rmSync(failedFile, { force: true });
    return undefined;
  } catch (error) {
    if (signal.aborted) return undefined;
    const failure = (error as Error).message;
    const [now] = error instanceof FailedRun ? error.notebooks : [];
    const marked = markCopy(now ?? readNotebook(file), values);
    const course = { parameters: values, failure };
    writeNotebook(failedFile, { ...marked, metadata: { ...marked.metadata, course } });
    return failure;
  }
}
