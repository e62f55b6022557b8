/** Which scores count: of a newer file, of one that cannot be read, and what is said of them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { handedIn, hasNbgrader, python, release, writeBook } from './assignment-book';
import { ASSIGNMENT, Course, NOTEBOOK } from './assignment-course';

let course: Course;

beforeEach(() => {
  course = new Course();
  release(course, ASSIGNMENT);
});
afterEach(() => course.remove());

/** The fields of the export by student: score, state. */
function exported(): Record<string, string> {
  const lines = readFileSync(course.path('grades.csv'), 'utf8').trim().split(/\r?\n/).slice(1);
  return Object.fromEntries(lines.map((line) => {
    const fields = line.split(',');
    return [fields[3]!, `${fields[9]} ${fields[11]}`];
  }));
}

it.skipIf(!hasNbgrader)('a newer file takes its score away until it is graded', async () => {
  for (const name of ['ann', 'bob', 'eve']) course.submit(name, handedIn(`'first of ${name}';`));
  writeBook(course, ['ann', 'bob', 'eve'], ['ann', 'bob', 'eve']);
  python(
    `from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    book.add_student("zoe")
    book.update_or_create_student("ann", first_name="Ann", last_name="<b>Lee")
`,
    course.folder,
  );
  const before = await course.run('feedback');
  expect(before.code, before.output).toBe(0);
  expect(before.output).not.toContain('NO SCORE');
  expect(before.output).not.toContain('WARNING');
  const page = (student: string): string =>
    course.path('feedback', student, ASSIGNMENT, NOTEBOOK.replace('ipynb', 'html'));
  const text = readFileSync(page('ann'), 'utf8');
  expect(text).toContain('<p id="whose">For Ann &lt;b&gt;Lee (ann)</p>');
  expect(readFileSync(page('bob'), 'utf8')).toContain('For bob<');
  // the notebook's own heading is not there a second time, nor an empty head of its first table
  expect(text.match(/<h1.*?<\/h1>/g)).toEqual(['<h1>Feedback: 16.5 A title &amp; more</h1>']);
  expect(text).toMatch(/<table>\s*<tbody>\s*<tr>\s*<td><strong>Minutes/);
  // not as a section of the chapter, which has the same number
  expect(text).toMatch(/<td><a href="#check-first">Exercise 16\.5\.1: one<\/a><\/td>/);
  expect(text).not.toMatch(/>\s*16\.5\.1/);

  course.submit('bob', handedIn("'second';"));
  course.submit('eve', 'damaged');
  const table = await course.run('export');
  expect(table.code, table.output).toBe(0);
  expect(exported()).toEqual({ ann: '5.0 graded', bob: ' not graded', eve: ' not graded',
    zoe: '0.0 nothing handed in' });
  const pages = await course.run('feedback');
  expect(pages.code, pages.output).toBe(0);
  for (const { output } of [table, pages]) {
    expect(output).toMatch(/NO SCORE of 16\.5, .* not 0 .*: 2 submissions\n/);
    expect(output).toContain('  bob: a newer file is not graded yet\n');
    expect(output).toContain('  eve: cannot be read: the file is no notebook\n');
    expect(output).toContain('ask the student for another one, then npm run assignment -- collect');
    expect(output).toContain(`npm run assignment -- grade 16.5 --course ${course.folder}`);
    expect(output).toContain('Handed in nothing of 16.5, which counts 0: zoe');
  }
  expect(pages.output).toContain('Removed the feedback of bob, eve,');
  expect(['ann', 'bob', 'eve'].map((name) => existsSync(page(name)))).toEqual([true, false, false]);

  // the first file again: its verdict is known
  course.submit('bob', handedIn("'first of bob';"));
  course.submit('eve', handedIn("'first of eve';"));
  writeFileSync(
    course.path('verdicts', ASSIGNMENT, 'bob.recorded'),
    'of a grading that was stopped',
  );
  await course.run('export');
  expect(exported()).toMatchObject({ ann: '5.0 graded', bob: ' not graded' });
}, 600_000);

it.skipIf(!hasNbgrader)(
  'an unreadable file is no work, and does not lead to feedback',
  async () => {
    course.submit('ann', handedIn('1;'));
    course.submit('fay', 'damaged');
    writeBook(course, ['ann'], ['ann']);
    const { code, output } = await course.run('grade');
    expect(code, output).toBe(1);
    expect(output).toContain('2 submissions: 0 to grade, 1 graded already, 1 cannot be read.');
    expect(output).toContain('points of 1 of 1 graded submission.');
    expect(output).toMatch(/NO SCORE .*: 1 submission\n {2}fay: cannot be read: /);
    expect(output).not.toMatch(/[Gg]rade again|To grade/);
    expect(output.trim().split('\n').at(-1)).toBe('Not all have a score: this step has failed.');
  },
  120_000,
);

it.skipIf(!hasNbgrader)('an earlier release, and a lost grade book, give no score', () => {
  course.submit('ann', handedIn('1;'));
  writeBook(course, ['ann'], ['ann']);
  const state = (book: string): string =>
    python(
      `import types
from nbgrader.api import Gradebook
from grading.export import score_of
with Gradebook("sqlite:///${book}") as book:
    print(*score_of(book, types.SimpleNamespace(name="16.5"), "ann"))
`,
      course.folder,
    ).trim();
  expect(state('gradebook.db')).toBe('graded 5.0');
  expect(state('another.db')).toBe('not graded None');
  writeFileSync(course.path('release', ASSIGNMENT, NOTEBOOK), JSON.stringify(handedIn('0;')));
  expect(state('gradebook.db')).toBe('not graded None');
}, 300_000);

it.skipIf(!hasNbgrader)('a file that a browser has numbered is nothing unusual', () => {
  const stem = NOTEBOOK.replace('.ipynb', '');
  const names = [
    NOTEBOOK,
    `${stem} (1).ipynb`,
    `${stem}(12).ipynb`,
    `${stem}-1.ipynb`,
    `${stem} final.ipynb`,
    'answers (1).ipynb',
  ];
  names.forEach((file, i) => course.submit(`student${i}`, handedIn('1;'), file));
  const notes = python(
    `import pathlib
from grading.course import Assignment
from grading.submission import read_submission
where = Assignment(pathlib.Path.cwd(), "16.5")
file, released = where.released()
for student in where.students():
    print(read_submission(where.folder("submitted", student), released, file).notes)
`,
    course.folder,
  );
  expect(notes.trim().split('\n')).toEqual([
    '[]',
    '[]',
    '[]',
    '[]',
    `['the file is called ${names[4]}']`,
    `['the file is called ${names[5]}']`,
  ]);
});
