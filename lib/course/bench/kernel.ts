/**
 * How long a reader waits for the kernel: its start, the first import of the whole library, a
 * trivial cell.
 */
import { Client } from '../kernel/client';

/**
 * Medians in milliseconds, as a client sees them: `start` until the first answer, `firstImport` in
 * a new kernel.
 */
export interface KernelTimes {
  readonly start: number;
  readonly firstImport: number;
  readonly cell: number;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1]!;

async function timed<T>(work: () => Promise<T>, into: number[]): Promise<T> {
  const begun = performance.now();
  const result = await work();
  into.push(performance.now() - begun);
  return result;
}

/** Measures `rounds` fresh kernels in the folder `notebooks`, with 20 trivial cells in each. */
export async function measureKernel(notebooks: string, rounds = 5): Promise<KernelTimes> {
  const [start, firstImport, cell]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const kernel = await timed(() => Client.start(notebooks), start);
    await timed(() => kernel.run("import * as course from '../lib/index';"), firstImport);
    for (let i = 0; i < 20; i++) await timed(() => kernel.run(`${i} + 1`), cell);
    await kernel.stop();
  }
  return { start: median(start), firstImport: median(firstImport), cell: median(cell) };
}
