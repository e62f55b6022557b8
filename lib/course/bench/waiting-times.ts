/** How long a reader waits: for the kernel, and for each notebook of the course. */
import { basename, join } from 'node:path';
import { execute } from '../notebooks/execute';
import { findNotebooks } from '../notebooks/notebook';
import { root } from '../setup/paths.mjs';
import { KernelClient } from './kernel-client';
import { type BenchRow, row } from './rows';

/** The number of new kernels that are measured, and of trivial cells in each. */
const [ROUNDS, CELLS] = [5, 20];

/** The kernel's start, the first import of the whole library in a cell, and a trivial cell. */
export async function kernelRows(): Promise<BenchRow[]> {
  const [start, firstImport, cell]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    const kernel = await timeInto(start, () => KernelClient.start(join(root, 'notebooks')));
    await timeInto(firstImport, () => kernel.run("import * as course from '../lib/index';"));
    for (let i = 0; i < CELLS; i++) await timeInto(cell, () => kernel.run(`${i} + 1`));
    await kernel.stop();
  }
  const against = (bar: number): BenchRow['compared'] => ({ with: 'ms is the bar', value: bar,
    bar: 0, goal: 0 });
  return [
    row('kernel', 'kernel start', 'ms', start),
    row('kernel', 'first import of the library in a cell', 'ms', firstImport, against(2000)),
    row('kernel', 'trivial cell', 'ms', cell, against(60)),
  ];
}

/** Does `work` and appends its milliseconds to `times`. */
async function timeInto<T>(times: number[], work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const result = await work();
  times.push(performance.now() - begun);
  return result;
}

/** Every notebook once, from a new kernel to its last cell, and all of them together. */
export async function courseRows(): Promise<BenchRow[]> {
  const milliseconds: number[] = [];
  for (const file of findNotebooks()) await timeInto(milliseconds, () => execute(file));
  const seconds = milliseconds.map((value) => value / 1000);
  const all = seconds.reduce((sum, value) => sum + value, 0);
  return [
    ...findNotebooks().map((file, i) =>
      row('course', basename(file, '.ipynb'), 's', seconds.slice(i, i + 1), { with: 's is the bar',
        value: 30, bar: 0, goal: 0 })
    ),
    row('course', 'all notebooks', 's', [all], { with: 's is the bar, 180 the goal', value: 300,
      bar: 0, goal: 0 }),
  ];
}
