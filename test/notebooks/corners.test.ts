/**
 * Notebooks at the corners of their parameters: a few points, which the commit chooses, so that in
 * time all of them run. `npm run notebooks -- --corners` runs all of them.
 */
import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { execute } from '../../lib/course/notebooks/execute';
import { findNotebooks, isCode } from '../../lib/course/notebooks/notebook';
import { root } from '../../lib/course/setup/paths.mjs';
import { cornerTasks } from '../../lib/course/sweeps/corners';

/** They take about a minute of processor time. */
const POINTS = 4;

const git = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
const commit = Number.parseInt((git.stdout || '').slice(0, 8), 16) || 0;
const files = findNotebooks();
const parts = Math.ceil(cornerTasks(files).length / POINTS);
const tasks = cornerTasks(files, `${1 + (commit % parts)}/${parts}`, commit);

test.each(tasks.map(({ file, values }) => [basename(file), JSON.stringify(values), file, values]))(
  '%s runs with %s',
  async (_name, _text, file, values) => {
    const [now] = await execute([file as string], { params: values as Record<string, unknown> });
    const outputs = now!.cells.filter(isCode).flatMap((cell) => cell.outputs);
    expect(outputs.filter((output) =>
      output.output_type === 'error'
      || (output.output_type === 'stream' && output.name === 'stderr')
    )).toEqual([]);
  },
  300_000,
);
