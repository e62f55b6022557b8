/** Runs the points of a sweep, several at once, each in a kernel of its own. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { copyName, markCopy, type Values } from '../notebooks/copies';
import { Executor, FailedRun } from '../notebooks/execute';
import { type Notebook, readNotebook, writeNotebook } from '../notebooks/notebook';
import { type Code, codeNow, notebookCode } from './code';
import { failureOf } from './collect';

/** A notebook to run with these values. */
export interface Task {
  readonly file: string;
  readonly values: Values;
  /** Where the executed notebook goes. One that is there runs again only if its code changed. */
  readonly folder: string;
}

export interface RunOptions {
  /** How many run at once. */
  jobs: number;
  signal: AbortSignal;
  /** Called after each task that ran; `done` counts those that were there too. */
  onTask: (ran: { task: Task; done: number; failure?: string }) => void;
}

/** The path of the executed notebook. */
export const pathOf = ({ folder, file, values }: Task, failed = false): string =>
  join(folder, copyName(basename(file), values, failed));

/** The path of the notebook that a task has left: the one without an error, if it is there. */
export const savedAs = (task: Task): string => pathOf(task, !existsSync(pathOf(task)));

/** What there is of a task: a run by the code of now, or by other code, or none without error. */
export type TaskState = 'done' | 'missing' | 'other notebook' | 'other library';

/** The state of each task. */
export function statesOf(tasks: readonly Task[]): TaskState[] {
  const files = new Set(tasks.map(({ file }) => file));
  const now = new Map([...files].map((file) => [file, codeNow(readNotebook(file))]));
  return tasks.map((task) => {
    const copy = pathOf(task);
    return existsSync(copy) ? stateOf(readNotebook(copy), now.get(task.file)!) : 'missing';
  });
}

function stateOf(copy: Notebook, now: Code): TaskState {
  // papermill leaves one that failed or was killed under the name of a whole one
  if (failureOf(copy) !== undefined) return 'missing';
  const { code } = (copy.metadata['course'] ?? {}) as { code?: Code };
  if ((code?.notebook ?? notebookCode(copy)) !== now.notebook) return 'other notebook';
  // papermill does not record by which lib it ran a notebook: the cells must do there
  return code !== undefined && code.library !== now.library ? 'other library' : 'done';
}

/**
 * Runs those tasks that are not done. A notebook is written as a whole when it ends, so a kill at
 * any moment loses only what runs.
 */
export async function runTasks(
  tasks: readonly Task[],
  { jobs, signal, onTask }: RunOptions,
): Promise<void> {
  for (const { folder } of tasks) mkdirSync(folder, { recursive: true });
  const states = statesOf(tasks);
  const waiting = signal.aborted ? [] : tasks.filter((_, i) => states[i] !== 'done');
  let done = tasks.length - waiting.length;
  const executor = new Executor();
  const ending = new AbortController();
  const end = (): void => {
    ending.abort();
    executor.close();
  };
  const worker = async (): Promise<void> => {
    for (let task = waiting.shift(); task; task = waiting.shift()) {
      const failure = await runTask(task, executor, ending.signal);
      if (ending.signal.aborted) return;
      onTask({ task, done: ++done, ...(failure !== undefined && { failure }) });
    }
  };
  signal.addEventListener('abort', end);
  try {
    await Promise.all(Array.from({ length: Math.min(jobs, waiting.length) }, worker));
  } finally {
    signal.removeEventListener('abort', end);
    end(); // also what still runs beside a task that could not be saved
  }
}

/** Runs one notebook and saves it. Returns the cell and the error, if it fails. */
async function runTask(
  task: Task,
  executor: Executor,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { file, values } = task;
  const source = readNotebook(file);
  const code = codeNow(source); // before the run: an edit during it counts as one after it
  const save = (notebook: Notebook, failure?: string): void => {
    const marked = markCopy(notebook, values);
    const course = { parameters: values, code, ...(failure !== undefined && { failure }) };
    const failed = failure !== undefined;
    writeNotebook(pathOf(task, failed), {
      ...marked,
      metadata: { ...marked.metadata, course },
    });
    rmSync(pathOf(task, !failed), { force: true });
  };
  let ran: Notebook | undefined;
  let failure: string | undefined;
  try {
    ran = await executor.execute(file, { params: values });
  } catch (error) {
    if (signal.aborted) return undefined;
    failure = (error as Error).message;
    if (error instanceof FailedRun) ran = error.notebook;
  }
  save(ran ?? source, failure);
  return failure;
}
