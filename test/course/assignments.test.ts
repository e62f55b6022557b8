/** Assignments from release to scores, with the real nbgrader. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync,
  writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pythonOf } from '../../lib/course/setup/paths.mjs';
import { pointsOf } from '../../lib/exercises/exercise';
import { allExercises } from '../../lib/exercises/tasks/index';
import { ASSIGNMENT, batchesOf, batchOf, Course, NOTEBOOK, RIGHT,
  rowsComputed } from './assignment-course';

/**
 * The five lines that gave all points while the verdict was reached in the student's kernel: every
 * observation that is sent becomes one that claims to be right.
 */
const FORGER = `const modules: any = (process as any).mainModule.constructor._cache;
const wire = Object.keys(modules).find((name) => name.endsWith('kernel/wire.ts'))!;
const { prototype } = modules[wire].exports.Wire;
const publish = prototype.publish;
prototype.publish = function (type: string, content: any, parent: unknown) {
  const sent = content?.data?.['application/vnd.course.observation+json'];
  const value = { carried: 15, leave: 9, whole: 0, cached: 0, batches: [], points: 4 };
  const outcomes = Array.from({ length: 20 }, () => ({ ended: 'returned', value }));
  if (sent) sent.text = JSON.stringify(outcomes);
  return publish.call(this, type, content, parent);
};
${rowsComputed.stub.replace('leave: 0', 'leave: -1')}`;

let course: Course;
let isInstalled = true;
let released = { code: null as number | null, output: '' };
let graded = { code: null as number | null, output: '' };

beforeAll(async () => {
  course = new Course();
  released = await course.run('release');
  isInstalled = !/could not reach its registry/.test(released.output);
  if (!isInstalled) {
    console.log('skipped: nbgrader cannot be installed without a network');
    return;
  }
  course.submit('perfect', course.answered(RIGHT));
  course.submit('nothing', course.released());
  const battered = course.answered({
    ...RIGHT,
    'rows-computed': `console.error('here');\n${rowsComputed.solution}`,
  });
  battered.cells = battered.cells.filter(({ id }) => id !== 'check-batch-of');
  battered.cells.push({ ...battered.cells.find(({ id }) => id === 'exercise-batches')! });
  for (const cell of battered.cells) if (cell.id === 'check-batches') cell.source = '3;';
  battered.metadata = { kernelspec: { name: 'python3', language: 'python' } };
  course.submit('battered', battered, 'answers (2).ipynb');
  const text = JSON.stringify(course.answered(RIGHT));
  course.submit('cut', text.slice(0, text.indexOf('"exercise-batches"')));
  course.submit('empty', '');
  course.submit(
    'hostile',
    course.answered({
      'rows-computed': FORGER,
      'batch-of': `process.kill(process.pid, 'SIGKILL');\n${batchOf.solution}`,
      'batches': batchesOf.solution,
    }),
  );
  course.submit(
    'typo',
    course.answered({
      ...RIGHT,
      'rows-computed': `${rowsComputed.solution}\nconst wrong: number = 'text';`,
    }),
  );
  graded = await course.run('grade');
}, 1_200_000);
afterAll(() => course.remove());

describe('an assignment', () => {
  it('is released without a solution, with locked checks and the points of the modules', (test) => {
    if (!isInstalled) return test.skip();
    expect(released.code, released.output).toBe(0);
    const { cells } = course.released();
    for (const { solution, others } of allExercises)
      for (const source of [solution, ...others.map((other) => other.source)])
        expect(course.textIn('release') + course.textIn('source')).not.toContain(source.slice(-60));
    const check = cells.find(({ id }) => id === 'check-batch-of')!;
    expect(check.metadata['nbgrader']).toMatchObject({ grade: true, locked: true, points: 4 });
    const answer = cells.find(({ id }) => id === 'exercise-batch-of')!;
    expect(answer.source).toBe(batchOf.stub);
    expect(answer.metadata['nbgrader']).toMatchObject({ solution: true, grade: false });
  });

  it('gives each submission the points that its answers deserve', async (test) => {
    if (!isInstalled) return test.skip();
    expect(await course.scores(), graded.output).toEqual({
      perfect: 9,
      nothing: 0,
      battered: 9, // points lost in silence, a stopped submission and 0 in turn
      cut: '', // an answer behind the cut has no points, so that there is no sum
      empty: '', // not graded, and not 0
      hostile: 3, // 11 before, and the kernel's death took all
      typo: 7,
    });
  });

  it('says what was unusual and what is not graded, and fails then', (test) => {
    if (!isInstalled) return test.skip();
    expect(graded.code).toBe(1);
    expect(graded.output).toMatch(
      /NO SCORE of 16\.5[^]*: 2 submissions\n {2}cut: the file breaks off.*\n {2}empty: cannot/,
    );
    expect(graded.output).toMatch(/battered: .*answers \(2\)/);
    expect(graded.output).toMatch(/battered: .*the file has no check of 16\.5\.2/);
    expect(graded.output).toMatch(
      /cut: the file breaks off; lost, and without points, which is not 0: 16\.5\.3, /,
    );
    expect(graded.output).toContain('nbgrader autograde 16.5');
  });

  it(
    'grades a second time only what is missing, also after a kill within nbgrader',
    async (test) => {
      if (!isInstalled) return test.skip();
      // What nbgrader leaves when it is killed: the sanitized notebook, and scores that are 0.
      rmSync(course.path('verdicts', ASSIGNMENT, 'perfect.recorded'));
      const database = course.path('gradebook.db');
      const forget = 'import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); '
        + 'db.execute("update grade set auto_score = 0"); db.commit()';
      spawnSync(pythonOf(), ['-c', forget, database]);
      for (const student of ['cut', 'empty']) course.submit(student, course.answered(RIGHT));
      const again = await course.run('grade');
      expect(again.output).toContain('7 submissions: 2 to grade, 5 graded already.');
      expect(again.code, again.output).toBe(0);
      expect(await course.scores()).toMatchObject({ perfect: 9, cut: 9, empty: 9, typo: 0 });
    },
    600_000,
  );

  it('makes feedback that names the mistake and holds no solution', async (test) => {
    if (!isInstalled) return test.skip();
    expect((await course.run('feedback')).code).toBe(0);
    const page = course.textIn('feedback', 'hostile');
    expect(page).toMatch(/0 of 2 points<.*: not yet/);
    expect(page).toMatch(/0 of 4 points<.*: its cell ends the kernel/);
    // the scores of others were set to 0 above
    expect(course.textIn('feedback', 'perfect')).toMatch(/3 of 3 points<.*: right/);
    expect(course.textIn('feedback', 'nothing')).not.toContain(batchesOf.solution.slice(-60));
  }, 600_000);

  it('exports for Canvas, with an empty field where there is no score', async (test) => {
    if (!isInstalled) return test.skip();
    const roster = course.path('roster.csv');
    writeFileSync(
      roster,
      `Student,ID,SIS User ID,SIS Login ID,Section,16.5 Homework (77),16.5.2 (78)
    Points Possible,,,,,9,4
"Doe, Pat",11,,perfect,One,
"Roe, Sam",12,,lost,One,
`,
    );
    mkdirSync(course.path('submitted', 'lost', ASSIGNMENT), { recursive: true });
    const to = course.path('canvas.csv');
    const most = allExercises.filter(({ id }) => id.startsWith('16.5.'))
      .reduce((sum, exercise) => sum + pointsOf(exercise), 0);
    expect((await course.run('export', '--canvas', roster, '--to', to)).code).toBe(0);
    expect(readFileSync(to, 'utf8').replaceAll('\r', '')).toBe(
      `Student,ID,SIS User ID,SIS Login ID,Section,16.5 Homework (77)
    Points Possible,,,,,${most}.0
"Doe, Pat",11,,perfect,One,9.0
"Roe, Sam",12,,lost,One,
`,
    );
  }, 600_000);
});

it('takes the submissions that a learning platform gives', async (test) => {
  if (!isInstalled) return test.skip();
  const downloads = course.path('from-canvas');
  mkdirSync(downloads);
  writeFileSync(
    join(downloads, `doejane_LATE_123_456_${NOTEBOOK}`),
    JSON.stringify(course.answered(RIGHT)),
  );
  const { code, output } = await course.run('collect', '--from', downloads);
  expect(code, output).toBe(0);
  const files = (): string[] => readdirSync(course.path('submitted', '123', ASSIGNMENT));
  expect(files()).toContain(NOTEBOOK);

  // a second try, which Canvas names differently, and an id with lines in it
  rmSync(downloads, { recursive: true });
  mkdirSync(downloads);
  const second = NOTEBOOK.replace('.ipynb', '-1.ipynb');
  for (const name of [`doejane_123_789_${second}`, `van_der_berg_${NOTEBOOK}`])
    writeFileSync(join(downloads, name), JSON.stringify(course.answered(RIGHT)));
  expect((await course.run('collect', '--from', downloads)).code).toBe(0);
  expect(files().filter((name) => name.endsWith('.ipynb'))).toEqual([second]);
  expect(existsSync(course.path('submitted', 'van_der_berg', ASSIGNMENT, NOTEBOOK))).toBe(true);
}, 600_000);

it("takes the newest submission, from nbgrader's exchange or from a file", async (test) => {
  if (!isInstalled || process.platform === 'win32') return test.skip();
  const exchange = course.path('exchange', basename(course.folder));
  expect(readdirSync(join(exchange, 'outbound', ASSIGNMENT))).toEqual([NOTEBOOK]);
  const handIn = (time: string, text: string): void => {
    const folder = join(exchange, 'inbound', `anna+${ASSIGNMENT}+${time}+random`);
    mkdirSync(folder);
    writeFileSync(join(folder, NOTEBOOK), text);
    writeFileSync(join(folder, 'timestamp.txt'), time);
  };
  const collect = async (...from: string[]): Promise<string> => {
    const { code, output } = await course.run('collect', ...from);
    expect(code, output).toBe(0);
    if (from.length === 0) expect(output).toContain('claims to be submitted by anna but is owned');
    return readFileSync(course.path('submitted', 'anna', ASSIGNMENT, NOTEBOOK), 'utf8');
  };
  handIn('2026-01-01 10:00:00.000000 UTC', 'first');
  expect(await collect()).toBe('first');

  const downloads = course.path('by-mail');
  mkdirSync(downloads);
  writeFileSync(join(downloads, `anna_${NOTEBOOK}`), 'second');
  expect(await collect('--from', downloads)).toBe('second');
  expect(await collect()).toBe('second');
  // nbgrader reckons a penalty from this file: none is left where the platform gave no time
  expect(existsSync(course.path('submitted', 'anna', ASSIGNMENT, 'timestamp.txt'))).toBe(false);

  handIn('2126-01-01 10:00:00.000000 UTC', 'third');
  expect(await collect()).toBe('third');
}, 600_000);

it('takes the newest of several attempts, and lists what it does not take', async (test) => {
  if (!isInstalled) return test.skip();
  const downloads = course.path('several');
  mkdirSync(downloads);
  const put = (name: string, text: string, time: number): void => {
    writeFileSync(join(downloads, name), JSON.stringify(course.answered({ 'batch-of': text })));
    utimesSync(join(downloads, name), time, time);
  };
  const named = (suffix: string): string => NOTEBOOK.replace('.ipynb', `${suffix}.ipynb`);
  put(`doejane_77_9002_${NOTEBOOK}`, '// first', 2000);
  put(`doejane_77_10001_${named('-1')}`, '// second', 1000); // by Canvas's number, not by its text
  put(`ann_${named(' (1)')}`, '// later', 2000);
  put(`ann_${NOTEBOOK}`, '// earlier', 1000);
  writeFileSync(join(downloads, 'frank_88_9003_answers.pdf'), '');
  const { code, output } = await course.run('collect', '--from', downloads);
  expect(code, output).toBe(0);
  expect(course.textIn('submitted', '77')).toContain('// second');
  expect(course.textIn('submitted', 'ann')).toContain('// later');
  expect(course.textIn('submitted')).not.toMatch(/\/\/ (first|earlier)/);
  expect(output).toContain('Collected from 2: 77, ann.');
  expect(output).toMatch(/a newer one of the same student: ann_.*, doejane_77_9002_/);
  expect(output).toMatch(/NOT TAKEN.*: frank_88_9003_answers\.pdf/);
  expect(output).not.toContain('WARNING');
  expect(output).toContain(`Next: npm run assignment -- grade 16.5 --course ${course.folder}`);
}, 600_000);

it('says what is wrong with the grade book that is given for Canvas', async (test) => {
  if (!isInstalled) return test.skip();
  const missing = await course.run('export', '--canvas', course.path('nothing.csv'));
  expect(missing.output).toMatch(
    /There is no file .*nothing\.csv[^]*Export the grade book in Canvas/,
  );
  const other = course.path('other.csv');
  writeFileSync(other, 'a,b\n1,2\n');
  expect((await course.run('export', '--canvas', other)).output).toContain('no Student and ID');
  writeFileSync(other, 'Student,ID,Homework (5)\n"Doe, Pat",77,\n');
  const renamed = await course.run('export', '--canvas', other);
  expect(renamed.output).toMatch(/0 assignments of Canvas have names that begin with 16\.5/);
}, 600_000);
