/** How many submissions of an assignment are graded in a minute. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allExercises } from '../../exercises/tasks/index';
import { root } from '../setup/paths.mjs';
import { Trouble } from '../setup/program.mjs';
import { type BenchRow, row } from './rows';

const [ASSIGNMENT, SUBMISSIONS] = ['16.5', 24];

/**
 * Grades submissions that answer all exercises, a third of them with planted mistakes, with the
 * command of the instructors.
 */
export function submissionRows(): BenchRow[] {
  const course = mkdtempSync(join(tmpdir(), 'course-'));
  try {
    assignment(course, 'release');
    const folder = join(course, 'release', ASSIGNMENT);
    const name = readdirSync(folder)[0]!;
    const released = readFileSync(join(folder, name), 'utf8');
    for (let n = 0; n < SUBMISSIONS; n++) {
      const own = join(course, 'submitted', `student${n}`, ASSIGNMENT);
      mkdirSync(own, { recursive: true });
      writeFileSync(join(own, name), answered(released, n));
    }
    const output = assignment(course, 'grade');
    const rate = Number(/([\d.]+) a minute/.exec(output)?.[1]);
    return [
      row('submissions', `${ASSIGNMENT}, ${SUBMISSIONS} submissions`, 'a minute', [rate], {
        with: 'a minute',
        value: rate,
        bar: 12,
        goal: 20,
      }),
    ];
  } finally {
    rmSync(course, { recursive: true });
  }
}

/** The n-th submission. Each differs, so that nothing is graded once for all. */
function answered(released: string, n: number): string {
  const notebook = JSON.parse(released) as { cells: { id: string; source: string }[] };
  for (const { cell, solution, others, mistakes } of allExercises) {
    const kinds = n % 3 === 0 ? mistakes : [{ source: solution }, ...others];
    const answer = notebook.cells.find(({ id }) => id === `exercise-${cell}`);
    if (answer) answer.source = `${kinds[n % kinds.length]!.source}\n// ${n}`;
  }
  return JSON.stringify(notebook);
}

/** Runs a step of `npm run assignment` and returns what it prints. */
function assignment(course: string, step: string): string {
  const program = join(root, 'lib', 'course', 'setup', 'run.cjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [
    program,
    '../assignments/main',
    step,
    ASSIGNMENT,
    '--course',
    course,
  ], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Trouble(`The step ${step} failed.`, stdout + stderr);
  return stdout;
}
