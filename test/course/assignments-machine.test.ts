/** Grading on a machine that fails, and on one without a working bubblewrap. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Course, RIGHT, rowsComputed } from './assignment-course';

const bwrap = spawnSync('sh', ['-c', 'command -v bwrap'], { encoding: 'utf8' }).stdout.trim();
const works = bwrap !== ''
  && spawnSync(bwrap, ['--unshare-all', '--ro-bind', '/', '/', 'true']).status === 0;

const programs = mkdtempSync(join(tmpdir(), 'programs-'));
const course = new Course();

/** Puts a program in place of bubblewrap for as long as `run` takes. */
async function withBubblewrap<T>(script: string, run: () => Promise<T>): Promise<T> {
  writeFileSync(join(programs, 'bwrap'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const before = process.env['PATH'];
  process.env['PATH'] = [programs, before].join(delimiter);
  try {
    return await run();
  } finally {
    process.env['PATH'] = before;
  }
}

/** Ends, after some seconds, the kernels that `condition` names by their number $n, from 1. */
const ending = (condition: string, seconds = 1): string =>
  `case "$*" in
  *connection.json)
    echo >> ${join(programs, 'starts')}
    n=$(wc -l < ${join(programs, 'starts')})
    if ${condition}; then exec timeout -s KILL ${seconds} ${bwrap} "$@"; fi ;;
esac
exec ${bwrap} "$@"`;

const gradeOneAtATime = (): ReturnType<Course['run']> => course.run('grade', '--jobs', '1');

beforeAll(async () => {
  if (!works) return;
  const { code, output } = await course.run('release');
  expect(code, output).toBe(0);
}, 600_000);
beforeEach(() => {
  rmSync(join(programs, 'starts'), { force: true });
  rmSync(course.path('submitted'), { recursive: true, force: true });
});
afterAll(() => {
  rmSync(programs, { recursive: true });
  course.remove();
});

it.skipIf(!works)('a failing machine gives no score, and a second run grades', async () => {
  course.submit('perfect', course.answered(RIGHT));
  // The first kernel tries the released notebook: the machine fails after that.
  const failed = await withBubblewrap(ending('[ $n -gt 1 ]'), gradeOneAtATime);
  expect(failed.code, failed.output).toBe(1);
  expect(failed.output).toMatch(/NO SCORE of 16\.5[^]*: 1 submission\n {2}perfect: /);
  expect(await course.scores()).toEqual({ perfect: '' });

  const again = await gradeOneAtATime();
  expect(again.code, again.output).toBe(0);
  expect(await course.scores()).toEqual({ perfect: 9 });
}, 600_000);

it.skipIf(!works).each([1, 4])(
  'one kernel that the machine ends after %d s costs no points',
  async (seconds) => {
    course.submit(`unlucky${seconds}`, course.answered(RIGHT));
    const script = ending('[ $n -eq 2 ]', seconds);
    const { code, output } = await withBubblewrap(script, gradeOneAtATime);
    expect(code, output).toBe(0);
    expect(await course.scores()).toMatchObject({ [`unlucky${seconds}`]: 9 });
  },
  600_000,
);

it.skipIf(!works)('a machine that fails from the start grades nothing, and says why', async () => {
  course.submit('early', course.answered(RIGHT));
  const { code, output } = await withBubblewrap(ending('true'), gradeOneAtATime);
  expect(code, output).toBe(2);
  expect(output).toMatch(/Problem: /);
  expect(await course.scores()).toMatchObject({ early: '' });
}, 600_000);

it.skipIf(process.platform === 'win32')(
  'without bubblewrap it says first what is not isolated, and gives the same points',
  async () => {
    if (!works) expect((await course.run('release')).code).toBe(0);
    course.submit('perfect', course.answered(RIGHT));
    course.submit('half', course.answered({ ...RIGHT, 'rows-computed': rowsComputed.stub }));
    const refused = 'echo "setting up uid map: Permission denied" >&2; exit 1';
    const { code, output } = await withBubblewrap(refused, () => course.run('grade'));
    expect(code, output).toBe(0);
    const warned = output.indexOf('bubblewrap does not work here (setting up uid map');
    expect(warned, output).toBeGreaterThanOrEqual(0);
    expect(warned).toBeLessThan(output.indexOf('Trying the released notebook'));
    expect(output).toContain('.binder/Dockerfile');
    expect(await course.scores()).toMatchObject({ perfect: 9, half: 7 });
  },
  600_000,
);
