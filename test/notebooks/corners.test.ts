/**
 * Notebooks at the corners of their parameters, and with texts that have an unknown word: a few,
 * which the commit chooses, so that in time all of them run. COURSE_ROUNDS, by default 1, is how
 * many times as many run: with 100, all. `npm run notebooks -- --corners` runs all corners, and
 * goes on where it was.
 */
import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { execute, FailedRun } from '../../lib/course/notebooks/execute';
import { findNotebooks, isCode, readNotebook } from '../../lib/course/notebooks/notebook';
import { readParameters } from '../../lib/course/notebooks/read-parameters';
import { root } from '../../lib/course/setup/paths.mjs';
import { cornerTasks } from '../../lib/course/sweeps/corners';

const rounds = Number(process.env['COURSE_ROUNDS'] ?? 1);
const git = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
const commit = Number.parseInt((git.stdout || '').slice(0, 8), 16) || 0;
const files = findNotebooks();

/** Every so many-th of `all`, from a place that the commit chooses: about `wanted` of them. */
function some<T>(all: readonly T[], wanted: number): T[] {
  const parts = Math.max(1, Math.ceil(all.length / (wanted * rounds)));
  return all.filter((_, i) => i % parts === commit % parts);
}

const corners = some(cornerTasks(files, '1/1', commit), 3);
test.each(
  corners.map(({ file, values }) =>
    [basename(file), JSON.stringify(values), file, values] as const
  ),
)('%s runs with %s', async (_name, _text, file, values) => {
  const now = await execute(file, { params: values });
  const outputs = now.cells.filter(isCode).flatMap((cell) => cell.outputs);
  const troubles = outputs.filter((output) =>
    output.output_type === 'error' || (output.output_type === 'stream' && output.name === 'stderr')
  );
  expect(troubles).toEqual([]);
}, 300_000);

describe('a text with unknown words', () => {
  const texts = files.flatMap((file) =>
    Object.entries(readParameters(readNotebook(file)).all).flatMap(([name, each]) => {
      const { default: usual, choices } = each;
      const [first] = [usual].flat();
      if (typeof first !== 'string' || choices) return [];
      const wrong = `${first} agnet opend`;
      return [[basename(file), name, file, Array.isArray(usual) ? [wrong] : wrong] as const];
    })
  );

  test('can be given to several parameters', () => {
    expect(texts.length).toBeGreaterThan(10);
  });

  test.each(some(texts, 2))('in %s, for %s, is refused by their names', async (...given) => {
    const [, name, file, wrong] = given;
    const failure = await execute(file, { params: { [name]: wrong } }).catch((error: unknown) =>
      error
    );
    if (!(failure instanceof FailedRun))
      throw new Error(`${name} was accepted`, { cause: failure });
    expect(failure.message).toContain(
      '"agnet" (did you mean agent?), "opend" (did you mean opened?) are not among',
    );
  }, 300_000);
});
