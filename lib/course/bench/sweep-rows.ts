/** What a sweep costs beyond its notebooks: a grid of 12 points of 16.7 on two processors. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from '../notebooks/execute';
import { scratch } from '../setup/scratch';
import { findNotebooks } from '../notebooks/notebook';
import { root } from '../setup/paths.mjs';
import { canMeasureMemory, watchMemory } from './memory-of';
import { type BenchRow, row } from './rows';

const [NAME, JOBS] = ['16.7', 2];
const GRID = { temperature: [0.2, 0.7, 1.2], topK: [1, 4, 7, 10] };
const POINTS = GRID.temperature.flatMap((temperature) =>
  GRID.topK.map((topK) => ({ temperature, topK }))
);

/** The title that a kernel gives its process. */
const isKernel = (command: string): boolean => command.startsWith('course kernel');

/**
 * Half of the points alone, one after the other; then all of them by `npm run sweep`; then the
 * other half alone, so that a machine that becomes slower does so for both. The sweep's time is
 * compared with the sum of the others over two, its memory with that of two kernels. None of them
 * compiles a cell.
 */
export async function sweepRows(): Promise<BenchRow[]> {
  const [file = ''] = findNotebooks([NAME]);
  const alone: number[] = [];
  const ofKernel: number[] = [];
  const runAlone = async (points: typeof POINTS): Promise<void> => {
    for (const params of points) {
      const peak = canMeasureMemory ? watchMemory(process.pid, isKernel) : undefined;
      alone.push(await secondsOf(() => execute(file, { params })));
      if (peak) ofKernel.push(peak());
    }
  };
  await execute(file, { params: POINTS[0]! }); // compiles the cells, which are kept
  const half = POINTS.length / 2;
  await runAlone(POINTS.slice(0, half));
  const { seconds, bytes } = await runSweep();
  await runAlone(POINTS.slice(half));
  const ideal = alone.reduce((sum, value) => sum + value, 0) / JOBS;
  const rows = [
    row('sweep', `${NAME} alone, ${POINTS.length} points`, 's', alone),
    row('sweep', `a sweep of them on ${JOBS} processors`, 's', [seconds], {
      with: `times ${ideal.toFixed(0)} s, half of the sum`,
      value: seconds / ideal,
      bar: 1.15,
      goal: 1.05,
    }),
  ];
  if (!canMeasureMemory) return rows;
  const twoKernels = JOBS * Math.max(...ofKernel);
  return [
    ...rows,
    row('sweep', 'memory of a kernel', 'MB', ofKernel.map((value) => value / 1e6)),
    row('sweep', 'memory of the sweep, all processes', 'MB', [bytes / 1e6], {
      with: 'times two kernels',
      value: bytes / twoKernels,
      bar: 1,
      goal: 1,
    }),
  ];
}

async function runSweep(): Promise<{ seconds: number; bytes: number }> {
  const out = scratch('bench-sweep');
  const values = Object.entries(GRID).flatMap(([name, all]) => ['-p', `${name}=${all.join(',')}`]);
  const args = ['--import', 'tsx', join('lib', 'course', 'sweeps', 'main.ts'), NAME, ...values];
  let bytes = 0;
  try {
    const seconds = await secondsOf(async () => {
      const sweep = spawn(process.execPath, [...args, '--jobs', String(JOBS), '--out', out], {
        cwd: root,
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const peak = canMeasureMemory ? watchMemory(sweep.pid!, () => true) : undefined;
      const [status] = (await once(sweep, 'close')) as [number | null];
      if (peak) bytes = peak();
      if (status !== 0) throw new Error(`the sweep ended with ${status}`);
    });
    return { seconds, bytes };
  } finally {
    rmSync(out, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}
