/** A point of a sweep and what becomes of its notebook; the kernel is replaced. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Executor, FailedRun } from '../../lib/course/notebooks/execute';
import { findNotebooks, type Notebook, readNotebook } from '../../lib/course/notebooks/notebook';
import { pathOf, runTasks, type Task } from '../../lib/course/sweeps/run';

const [file = ''] = findNotebooks(['16.0']);
let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'run-tasks-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(parent, { recursive: true, force: true });
});

async function run(task: Task, ran: () => Promise<Notebook>): Promise<(string | undefined)[]> {
  vi.spyOn(Executor.prototype, 'execute').mockImplementation(ran);
  const failures: (string | undefined)[] = [];
  await runTasks([task], { jobs: 1, signal: new AbortController().signal, onTask: ({ failure }) =>
    failures.push(failure) });
  return failures;
}

test('its folder is made if it is not there', async () => {
  const task = { file, values: { position: 2 }, folder: join(parent, 'new', 'corners') };
  expect(await run(task, () => Promise.resolve(readNotebook(file)))).toEqual([undefined]);
  expect([existsSync(pathOf(task)), existsSync(pathOf(task, true))]).toEqual([true, false]);
});

test('a cell that fails is told, and the notebook kept as a failed one', async () => {
  const task = { file, values: { position: 2 }, folder: parent };
  const failed = new FailedRun('cell x: no', readNotebook(file));
  expect(await run(task, () => Promise.reject(failed))).toEqual(['cell x: no']);
  expect([existsSync(pathOf(task)), existsSync(pathOf(task, true))]).toEqual([false, true]);
});

test('a notebook that cannot be saved is no failure of its cells: the sweep ends', async () => {
  const task = { file, values: { position: 2 }, folder: join(parent, 'folder') };
  const ran = (): Promise<Notebook> => {
    rmSync(task.folder, { recursive: true });
    writeFileSync(task.folder, 'a file in its place');
    return Promise.resolve(readNotebook(file));
  };
  await expect(run(task, ran)).rejects.toThrow(/position=2\.ipynb could not be written/);
});

test('what runs beside it is neither saved as failed nor followed by more', async () => {
  const blocked = { file, values: { position: 2 }, folder: join(parent, 'blocked') };
  const beside = [3, 4].map((position) => ({ file, values: { position }, folder: parent }));
  let started = 0;
  vi.spyOn(Executor.prototype, 'execute').mockImplementation(async function(this: Executor) {
    started += 1;
    if (started === 2) { // until the executor is closed
      await vi.waitFor(() => {
        if (!closed) throw new Error('not yet');
      });
      throw new Error('the run was ended');
    }
    rmSync(blocked.folder, { recursive: true });
    writeFileSync(blocked.folder, 'a file in its place');
    return readNotebook(file);
  });
  let closed = false;
  vi.spyOn(Executor.prototype, 'close').mockImplementation(() => {
    closed = true;
  });
  const tasks = [blocked, ...beside];
  const all = runTasks(tasks, { jobs: 2, signal: new AbortController().signal, onTask: () => 0 });
  await expect(all).rejects.toThrow(/could not be written/);
  await new Promise((later) => setTimeout(later, 100));
  expect(started).toBe(2);
  expect(beside.map((task) => existsSync(pathOf(task, true)))).toEqual([false, false]);
});
