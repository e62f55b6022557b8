/**
 * `npm run sweep` killed at random moments: the same command, given again, ends with the same files
 * as a sweep left alone, and nothing of the killed one goes on. COURSE_SEED repeats the moments of
 * a failed run; COURSE_ROUNDS, by default 3, is how often a sweep is killed.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../lib/base/random';
import { isRunning } from '../../lib/base/write-file';
import { scratch } from '../../lib/course/setup/scratch';
import { cache } from '../../lib/course/setup/paths.mjs';
import { descendants, startSweep, writeSweepNotebook } from './sweep-run';

const { COURSE_SEED, COURSE_ROUNDS } = process.env;
const seed = Number(COURSE_SEED ?? Date.now() % 100_000);
const random = new Random(seed);
const TARGETS = ['the sweep', 'its process group', 'a process below it'] as const;
const rounds = Array.from(
  { length: Number(COURSE_ROUNDS ?? 3) },
  (_, i) => [i, TARGETS[i % TARGETS.length]!, random.uniform()] as const,
);

// Windows has neither process groups nor `ps`.
describe.skipIf(process.platform === 'win32')(`a sweep killed by COURSE_SEED ${seed}`, () => {
  let folder: string;
  let left: Record<string, string>;
  let seconds = 0;
  const argsFor = (out: string): string[] => [
    path.join(folder, 'in.ipynb'),
    ...['-p', 'n=1,2', '--jobs', '2', '--out', path.join(folder, out)],
  ];
  const filesIn = (out: string): Record<string, string> => {
    const names = readdirSync(path.join(folder, out)).sort();
    return Object.fromEntries(
      names.map((name) => [name, readFileSync(path.join(folder, out, name), 'utf8')]),
    );
  };
  const wait = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, milliseconds));

  beforeAll(async () => {
    folder = scratch('sweep-kills');
    writeSweepNotebook(path.join(folder, 'in.ipynb'));
    const began = performance.now();
    await startSweep(argsFor('alone')).ended;
    seconds = (performance.now() - began) / 1000;
    left = filesIn('alone');
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  it('has something to be compared with', () => {
    expect(Object.keys(left)).toEqual([
      'in--n=1.ipynb',
      'in--n=2--failed.ipynb',
      'numbers.csv',
      'sweep.csv',
      'sweep.html',
      'sweep.json',
    ]);
  });

  it.each(rounds)(
    'ends with the same files, and leaves no process (round %i, %s)',
    async (round, target, share) => {
      const out = `round-${round}`;
      const { child, seen, ended } = startSweep(argsFor(out), { detached: true });
      await wait(1000 * share * seconds);
      const below = descendants(child.pid!);
      const moment = `killed after ${(share * seconds).toFixed(2)} of ${seconds.toFixed(1)} s`;
      const victim = target === 'a process below it' && below.length > 0
        ? below[random.integer(below.length)]!
        : target === 'its process group'
        ? -child.pid!
        : child.pid!;
      if (child.exitCode === null) process.kill(victim, 'SIGKILL');
      await ended;
      await expect.poll(() => below.filter(isRunning), { message: moment })
        .toEqual([]);

      const again = startSweep(argsFor(out));
      await again.ended;
      expect(filesIn(out), `${moment}\n${seen.output}${again.seen.output}`).toEqual(left);
      const abandoned = readdirSync(cache).filter((name) =>
        name.startsWith(`execute-${child.pid}-`)
      );
      expect(abandoned).toEqual([]);
    },
    300_000,
  );
});
