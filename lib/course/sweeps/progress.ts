/** Runs many notebooks with a line for each that ends, until Ctrl-C. */
import { basename } from 'node:path';
import { runTasks, statesOf, type Task, type TaskState } from './run';

/** Runs what is not done, `jobs` at once. False if it was interrupted. */
export async function runWithProgress(tasks: readonly Task[], jobs: number): Promise<boolean> {
  const interruption = new AbortController();
  const stop = (): void => interruption.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const before = reportStates(statesOf(tasks));
  const several = new Set(tasks.map(({ file }) => file)).size > 1;
  const start = Date.now();
  const waiting = tasks.length - before;
  const atOnce = Math.min(jobs, waiting);
  if (waiting > 0) console.log(`${waiting} to run, ${atOnce} at once`);
  await runTasks(tasks, {
    jobs,
    signal: interruption.signal,
    onTask: ({ task: { file, values }, done, failure }) => {
      const each = (Date.now() - start) / (done - before);
      const left = Math.ceil((each * (tasks.length - done)) / 1000);
      const name = `${several ? `${basename(file, '.ipynb')} ` : ''}${JSON.stringify(values)}`;
      const state = failure === undefined ? '' : `, failed: ${failure}`;
      const time = done === tasks.length ? '' : `, about ${left} s left`;
      console.log(`${done} of ${tasks.length}: ${name}${state}${time}`);
    },
  });
  process.off('SIGINT', stop).off('SIGTERM', stop);
  if (interruption.signal.aborted) console.log('Interrupted; the same command goes on from here.');
  return !interruption.signal.aborted;
}

/** Says what is there of the points. Returns how many do not run again. */
function reportStates(states: readonly TaskState[]): number {
  const count = (state: TaskState): number => states.filter((each) => each === state).length;
  const done = count('done');
  if (done > 0) console.log(`${done} of ${states.length} points are there already`);
  const reasons = {
    'other notebook': 'the notebook has',
    'other library': 'lib, data or a package has',
  };
  for (const [state, what] of Object.entries(reasons) as [keyof typeof reasons, string][]) {
    const again = count(state);
    const points = again === 1 ? '1 point runs' : `${again} points run`;
    if (again > 0) console.log(`${points} again: ${what} changed since`);
  }
  return done;
}
