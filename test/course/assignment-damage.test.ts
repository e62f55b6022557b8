/**
 * Answers that a file has lost: it breaks off, is damaged, lacks a cell or its ids. With the real
 * release, judge and nbgrader, and a kernel that runs nothing, so that what is there has 0.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasNbgrader, idleKernel, python } from './assignment-book';
import { ASSIGNMENT, batchOf, Course, type Draft, NOTEBOOK, RIGHT,
  rowsComputed } from './assignment-course';

const course = new Course();
afterAll(() => course.remove());

/** A notebook file as Jupyter writes it. */
const written = (draft: Draft): string => JSON.stringify(draft, null, 1);
/** The file up to `length` characters behind `mark`. */
const cutAfter = (mark: string, length: number): string => {
  const text = written(course.answered(RIGHT));
  const at = text.indexOf(mark);
  expect(at).toBeGreaterThan(0);
  return text.slice(0, at + length);
};
const without = (...ids: string[]): Draft => {
  const draft = course.answered(RIGHT);
  return { ...draft, cells: draft.cells.filter(({ id }) => !ids.includes(id)) };
};
const withoutIds = (draft: Draft, which = /./): object => ({
  ...draft,
  cells: draft.cells.map(({ id, metadata, ...cell }) =>
    which.test(id) ? { ...cell, metadata: {} } : { ...cell, id, metadata }
  ),
});
/** An answer twice, as JupyterLab copies a cell: with a new id and the same metadata. */
const twice = (): Draft => {
  const draft = course.answered({ ...RIGHT, 'batch-of': batchOf.stub });
  const at = draft.cells.findIndex(({ id }) => id === 'exercise-batch-of');
  const copy = { ...draft.cells[at]!, id: 'a1b2c3', source: batchOf.solution };
  draft.cells.splice(at, 0, copy);
  return draft;
};

const LATER = '16.5.3, 16.5.4 and 16.5.5';
const BREAKS = `no points: the file breaks off, and this answer is lost`;

/** What was handed in; what the instructor reads; the verdicts on 16.5.1, 16.5.2 and 16.5.3. */
const SUBMISSIONS: readonly {
  readonly student: string;
  readonly file: () => string;
  readonly says: string;
  readonly lines: readonly (string | RegExp)[];
}[] = [
  {
    student: 'whole',
    file: () => written(course.answered(RIGHT)),
    says: '',
    lines: [/^0 of/, /^0 of/, /^0 of/],
  },
  {
    student: 'between answers',
    file: () => cutAfter('"id": "exercise-batches"', 0),
    says: `the file breaks off; lost, and without points, which is not 0: ${LATER}`,
    lines: [/^0 of/, /^0 of/, BREAKS],
  },
  {
    student: 'within an answer',
    file: () => {
      const [begin = ''] = batchOf.solution.split('\n');
      return cutAfter(JSON.stringify(begin).slice(1, -1), 5);
    },
    says: `the file breaks off; lost, and without points, which is not 0: 16.5.2, ${LATER}`,
    lines: [/^0 of/, BREAKS, BREAKS],
  },
  {
    student: 'after the last answer',
    file: () => written(course.answered(RIGHT)).trimEnd().slice(0, -40),
    says: 'the file breaks off; no answer is lost by it',
    lines: [/^0 of/, /^0 of/, /^0 of/],
  },
  {
    student: 'zeros',
    file: () => `${cutAfter('"id": "exercise-batches"', 0)}${'\0'.repeat(4096)}`,
    says: `the file breaks off; lost, and without points, which is not 0: ${LATER}`,
    lines: [/^0 of/, /^0 of/, BREAKS],
  },
  {
    student: 'merge',
    file: () => {
      const text = written(course.answered(RIGHT));
      return text.replace(/\n( *"id": "exercise-batches")/, '\n<<<<<<< HEAD\n$1');
    },
    says: `lost, and without points, which is not 0: ${LATER}`,
    lines: [/^0 of/, /^0 of/, /^no points: the file is damaged in line \d+, and this answer is/],
  },
  {
    student: 'deleted',
    file: () => written(without('exercise-batch-of', 'check-batch-of')),
    says: 'the file has no answer cell for 16.5.2 (deleted, or without its id); '
      + 'the file has no check of 16.5.2; the released one is used',
    lines: [/^0 of/, '0 of 4 points: the file has no cell for this answer', /^0 of/],
  },
  {
    student: 'an id lost',
    file: () => JSON.stringify(withoutIds(course.answered(RIGHT), /^exercise-batch-of$/)),
    says: 'the file has no answer cell for 16.5.2 (deleted, or without its id)',
    lines: [/^0 of/, /^0 of 4 points: not yet/, /^0 of/],
  },
  {
    student: 'all ids lost',
    file: () => JSON.stringify(withoutIds(course.answered({ ...RIGHT, 'batches': undefined! }))),
    says: 'the file has no answer cell for 16.5.1 and 16.5.2 (deleted, or without its id)',
    lines: [/^0 of 2 points: not yet/, /^0 of 4 points: not yet/, '0 of 3 points: not attempted'],
  },
  {
    student: 'twice',
    file: () => written(twice()),
    says: 'there are 2 answer cells for 16.5.2; the last one that differs from the released one',
    lines: [/^0 of/, /^0 of 4 points: not yet/, /^0 of/],
  },
  {
    student: 'too long',
    file: () =>
      written(course.answered({
        ...RIGHT,
        'rows-computed': `${rowsComputed.solution}\n// ${'x'.repeat(100_000)}`,
      })),
    says: 'the answer cell of 16.5.1 has 10',
    lines: [/^0 of 2 points: its cell has 10\d{4} characters, more than 100000$/, /^0 of/, /^0 of/],
  },
];

/** Files of which no answer can be read, and what is said of them. */
const UNREADABLE: Readonly<Record<string, readonly [text: () => string, says: string]>> = {
  'empty': [() => '', 'the file is empty'],
  'page': [() => '<!DOCTYPE html><title>Log in</title>', 'the file is no notebook'],
  'early': [
    () => cutAfter('"id": "exercise-rows-computed"', 0),
    'the file breaks off before the first answer',
  ],
  'other': [
    () => readFileSync(`notebooks/${OTHER}`, 'utf8'),
    'no exercise of the assignment is in the file: it may be a different notebook',
  ],
};
const OTHER = '16.4-the-generate-loop.ipynb';

beforeAll(async () => {
  if (!hasNbgrader) return;
  const { code, output } = await course.run('release');
  expect(code, output).toBe(0);
}, 600_000);

it.skipIf(!hasNbgrader)('each is said to be lost or missing, and what is there is graded', () => {
  for (const { student, file } of SUBMISSIONS) course.submit(student, file());
  for (const [student, [text]] of Object.entries(UNREADABLE)) course.submit(student, text());
  const verdicts = JSON.parse(
    python(
      `import contextlib, json, pathlib, sys
from grading import pool
from grading.course import Assignment
${idleKernel(JSON.stringify([]))}
where = Assignment(pathlib.Path.cwd(), "16.5")
with contextlib.redirect_stdout(sys.stderr):
    pool.grade_all(where, jobs=1, again=False, isolated=False)
print(json.dumps({student: where.verdict(student) for student in where.students()}))
`,
      course.folder,
    ),
  ) as Record<string, { notes: string[]; reason?: string; exercises: { line: string }[] }>;
  for (const { student, says, lines } of SUBMISSIONS) {
    const { notes, exercises } = verdicts[student]!;
    expect(notes.join('; '), student).toContain(says);
    if (says === '') expect(notes).toEqual([]);
    expect(notes.join('; '), student).not.toMatch(/exercise-|check-|restored/);
    for (const [i, line] of lines.entries()) {
      if (typeof line === 'string') expect(exercises[i]!.line, student).toBe(line);
      else expect(exercises[i]!.line, student).toMatch(line);
    }
  }
  for (const [student, [, says]] of Object.entries(UNREADABLE))
    expect(verdicts[student]!.reason, student).toBe(`cannot be read: ${says}`);
}, 300_000);

/** Fields of a table, by its first columns. */
function fields(file: string, of: (row: Record<string, string>) => string[]): string[][] {
  const [head = '', ...lines] = readFileSync(course.path(file), 'utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => {
    const values = line.split(',');
    return of(Object.fromEntries(names.map((name, i) => [name, values[i]!])));
  });
}

it.skipIf(!hasNbgrader)('a lost answer has no points in any export, and is named', async () => {
  const grade = await course.run('grade');
  expect(grade.code, grade.output).toBe(1);
  expect(grade.output).toMatch(
    /Graded: 11 of 15 submissions, 4 of them in part\.\nPoints of the o/,
  );
  expect(grade.output).toMatch(
    / {2}deleted: .*; no cell holds an answer to 16\.5\.2, which gets 0/,
  );
  expect(grade.output).toMatch(/ {2}an id lost: .*; the answer to 16\.5\.2 is in a different cell/);
  expect(grade.output).toMatch(/Pages for those with points: .* feedback 16\.5 .*\n.* has failed/);
  const feedback = await course.run('feedback');
  const table = await course.run('export');
  for (const { output } of [grade, feedback, table]) {
    expect(output).toContain(
      '\n  within an answer: the file breaks off: the answers to 16.5.2, 16.5.3, 16.5.4 and 16.5.5 '
        + 'are lost, the others are graded\n',
    );
    expect(output).toMatch(/ask the student for another one, then .* collect 16\.5 .*--from FILE/);
  }
  expect(feedback.code, feedback.output).toBe(0);
  expect(feedback.output.trim()).toMatch(/\nNext: npm run assignment -- export --course .*$/);
  const scores = fields('grades.csv', (row) => [row['student_id']!, row['score']!, row['state']!]);
  expect(scores).toContainEqual(['within an answer', '', 'partly graded']);
  expect(scores).toContainEqual(['merge', '', 'partly graded']);
  expect(scores).toContainEqual(['empty', '', 'not graded']);
  expect(scores).toContainEqual(['other', '', 'not graded']);
  for (const student of ['whole', 'after the last answer', 'deleted', 'too long'])
    expect(scores).toContainEqual([student, '0.0', 'graded']);
  const points = fields(
    'grades-by-exercise.csv',
    (row) => row['student_id'] === 'within an answer' ? [row['exercise']!, row['points']!] : [],
  )
    .filter((row) => row.length > 0);
  expect(points).toEqual([['16.5.1', '0.0'], ['16.5.2', ''], ['16.5.3', ''], ['16.5.4', ''], [
    '16.5.5',
    '',
  ]]);
}, 600_000);

const pageOf = (student: string): string =>
  readFileSync(
    course.path('feedback', student, ASSIGNMENT, NOTEBOOK.replace('ipynb', 'html')),
    'utf8',
  );

it.skipIf(!hasNbgrader)('a page says on top which answers are lost, and what to do', () => {
  const page = pageOf('within an answer');
  const top = page.slice(page.indexOf('<main>'), page.indexOf('id="found"'))
    .replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  expect(top).toContain('0 of');
  expect(top).toContain('points so far');
  expect(top).toContain('The file that you handed in breaks off. These answers are lost, and have');
  for (const id of ['16.5.2', '16.5.3', '16.5.4', '16.5.5'])
    expect(top).toContain(`Exercise ${id}: `);
  expect(top).not.toContain('Exercise 16.5.1: ');
  expect(top).toContain('Next: hand in the whole notebook again.');
  expect(page).toMatch(/<td class="points">none yet of 4<\/td>\s*<td>the file breaks off/);
  // neither half of the answer nor the stub stands there as if the student had left it
  expect(page).toContain('Your answer to Exercise 16.5.2 is not here: the file breaks off.');
  expect(pageOf('whole')).not.toContain('id="lost"');
  expect(pageOf('deleted')).toContain('is not here: the file has no cell for this answer.');
});

it.skipIf(!hasNbgrader)('points that a person gives for lost answers count', async () => {
  python(
    `from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    for each in book.find_submission("16.5", "between answers").notebooks[0].grades:
        if each.auto_score is None:
            each.manual_score = 1
    book.db.commit()
`,
    course.folder,
  );
  const { output } = await course.run('export');
  expect(output).not.toContain('between answers');
  const scores = fields('grades.csv', (row) => [row['student_id']!, row['score']!, row['state']!]);
  expect(scores).toContainEqual(['between answers', '3.0', 'graded']);
}, 120_000);
