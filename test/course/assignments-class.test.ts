/**
 * A class of 300, 15 of them with a damaged file, graded in one command that is killed three times:
 * on request, because it takes half an hour on two cores.
 * COURSE_CLASS=300 npm test -- assignments-class
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jupyterEnvironment, root } from '../../lib/course/setup/paths.mjs';
import { type Answers, ASSIGNMENT, batchesOf, batchOf, Course, DAMAGES,
  rowsComputed } from './assignment-course';

const size = Number(process.env['COURSE_CLASS'] ?? 0);

/** Which answers a student has: every mistake and every other solution comes up. */
function answersOf(n: number): { answers: Answers; points: number } {
  const pick = <T>(all: readonly T[]): T => all[n % all.length]!;
  const first = n % 3 === 0;
  const second = n % 4 !== 0;
  const third = pick([batchesOf.solution, ...batchesOf.others.map(({ source }) => source)]);
  const rows = first ? rowsComputed.mistakes : rowsComputed.others;
  return {
    answers: {
      'rows-computed': pick<{ readonly source: string }>(rows).source,
      'batch-of': second ? pick(batchOf.others).source : batchOf.stub,
      'batches': `// answer ${n}\n${third}`,
    },
    points: (first ? 0 : 2) + (second ? 4 : 0) + 3,
  };
}

/** Starts grading, and resolves when its group was killed or it has ended. */
function grade(course: Course, killAfter?: (done: number) => boolean): Promise<string> {
  const program = join(root, 'lib', 'course', 'setup', 'run.cjs');
  const child: ChildProcess = spawn(process.execPath, [
    program,
    '../assignments/main',
    'grade',
    ASSIGNMENT,
    '--course',
    course.folder,
  ], { cwd: root, env: jupyterEnvironment(), detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const look = (text: Buffer): void => {
    output += text.toString();
    process.stdout.write(text);
    const done = Number(/\[(\d+)\/\d+\][^[]*$/.exec(output)?.[1] ?? 0);
    if (killAfter?.(done)) process.kill(-child.pid!, 'SIGKILL');
  };
  child.stdout!.on('data', look);
  child.stderr!.on('data', look);
  return new Promise((resolve) => child.on('close', () => resolve(output)));
}

describe.skipIf(size === 0)(`a class of ${size}`, () => {
  it('is graded rightly although its grading is killed three times', async () => {
    const course = new Course();
    expect((await course.run('release')).code).toBe(0);
    const wanted: Record<string, number> = {};
    const damages = Object.values(DAMAGES);
    const every = Math.max(2, Math.floor(size / 15));
    for (let n = 0; n < size; n++) {
      const student = `student${String(n).padStart(3, '0')}`;
      const isDamaged = n % every === every - 1;
      const damage = isDamaged ? damages[Math.floor(n / every) % damages.length] : undefined;
      const { answers, points } = answersOf(n);
      wanted[student] = damage ? 9 : points;
      if (damage) damage(course, student);
      else course.submit(student, course.answered(answers));
    }
    for (let kill = 1; kill <= 3; kill++) {
      await grade(course, (done) => done >= size / 5);
      expect(readdirSync(course.path('verdicts', ASSIGNMENT)).length).toBeGreaterThan(0);
    }
    const output = await grade(course);
    expect(output).toContain(`Graded: ${size} of ${size} submissions.`);
    expect(await course.scores()).toEqual(wanted);
    console.log(course.folder);
    course.remove();
  }, 24 * 3600_000);
});
