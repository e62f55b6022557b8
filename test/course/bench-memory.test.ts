import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { canMeasureMemory, watchMemory } from '../../lib/course/bench/memory-of';

test.skipIf(!canMeasureMemory)('the memory of processes is that of all they start', async () => {
  const fill = 'const a = Buffer.alloc(150e6, 1); setTimeout(() => a.length, 4000)';
  const both = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(fill)}]);
    setTimeout(() => undefined, 4000);`;
  const parent = spawn(process.execPath, ['-e', both]);
  const peaks = [() => true, (command: string) => command.includes('require(')].map((counts) =>
    watchMemory(parent.pid!, counts)
  );
  await new Promise((resolve) => parent.once('close', resolve));
  const [all, one] = peaks.map((peak) => peak());
  expect(all).toBeGreaterThan(150e6);
  expect(all).toBeLessThan(400e6);
  expect(one).toBeGreaterThan(1e6);
  expect(one).toBeLessThan(150e6);
});
