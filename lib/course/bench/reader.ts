/** How long a reader waits: for the kernel, and for each notebook of the course. */
import { basename, join } from 'node:path';
import { measureKernel } from './kernel';
import { execute } from '../notebooks/execute';
import { findNotebooks, root } from '../notebooks/notebook';
import { type Row, row } from './rows';

/** The kernel's start, the first import of the whole library in a cell, and a trivial cell. */
export async function kernelRows(): Promise<Row[]> {
  const { start, firstImport, cell } = await measureKernel(join(root, 'notebooks'));
  const against = (bar: number): Row['compared'] => ({ with: 'ms is the bar', value: bar, bar: 0,
    goal: 0 });
  return [
    row('kernel', 'kernel start', 'ms', [start]),
    row('kernel', 'first import of the library in a cell', 'ms', [firstImport], against(2000)),
    row('kernel', 'trivial cell', 'ms', [cell], against(60)),
  ];
}

/** Every notebook once, from a cold kernel to its last cell, and all of them together. */
export async function courseRows(): Promise<Row[]> {
  const seconds: number[] = [];
  const rows: Row[] = [];
  for (const file of findNotebooks()) {
    const start = performance.now();
    await execute([file]);
    seconds.push((performance.now() - start) / 1000);
    rows.push(
      row('course', basename(file, '.ipynb'), 's', seconds.slice(-1), { with: 's is the bar',
        value: 30, bar: 0, goal: 0 }),
    );
  }
  const all = seconds.reduce((sum, value) => sum + value, 0);
  return [
    ...rows,
    row('course', 'all notebooks', 's', [all], { with: 's is the bar, 180 the goal', value: 300,
      bar: 0, goal: 0 }),
  ];
}
