/** What `collect --from` takes: a folder, an archive, a single file; and what it says of others. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { handedIn, hasNbgrader, python, release } from './assignment-book';
import { ASSIGNMENT, Course, NOTEBOOK } from './assignment-course';

let course: Course;
let downloads: string;

beforeEach(() => {
  course = new Course();
  release(course, ASSIGNMENT);
  downloads = course.path('downloads');
  mkdirSync(downloads);
});
afterEach(() => course.remove());

const collected = (student: string): string =>
  readFileSync(course.path('submitted', student, ASSIGNMENT, NOTEBOOK), 'utf8');

const text = (own: string): string => JSON.stringify(handedIn(own));

/** Writes an archive: the text and the year of each file by its path. */
function zip(file: string, members: Record<string, readonly [text: string, year: number]>): void {
  mkdirSync(dirname(file), { recursive: true });
  python(
    `import json, zipfile
with zipfile.ZipFile(${JSON.stringify(file)}, "w") as archive:
    for path, (text, year) in json.loads(${JSON.stringify(JSON.stringify(members))}).items():
        archive.writestr(zipfile.ZipInfo(path, (year, 1, 1, 0, 0, 0)), text)
`,
    course.folder,
  );
}

it.skipIf(!hasNbgrader)('an archive is unpacked, and its newest files are taken', async () => {
  const file = join(downloads, 'submissions.zip');
  const inner = course.path('inner.zip');
  zip(inner, { [`eve_${NOTEBOOK}`]: [text('4;'), 2004] });
  zip(file, {
    [`a/ann_${NOTEBOOK}`]: [text('2;'), 2002],
    [`ann_${NOTEBOOK}`]: [text('1;'), 2001],
    [`__MACOSX/._bob_${NOTEBOOK}`]: ['of the archive', 2003],
    [`bob_${NOTEBOOK}`]: [text('3;'), 2003],
    'notes.ipynb': [text(''), 2003],
    'damaged.zip': ['no archive', 2003],
  });
  cpSync(inner, join(downloads, 'folder', 'inner.zip'));
  for (const from of [file, downloads]) {
    const all = from === file ? ['ann', 'bob'] : ['ann', 'bob', 'eve'];
    const { code, output } = await course.run('collect', '--from', from);
    expect(code, output).toBe(0);
    expect(output).toContain(`Collected from ${all.length}: ${all.join(', ')}.`);
    expect(output).toContain(`handed in a newer one: ann_${NOTEBOOK}.`);
    // not in nbgrader's words: that a name does not match, that a new file replaces the old one
    expect(output).toContain('their names name no student: ');
    expect(output).toContain('notes.ipynb');
    expect(output.match(/WARNING/g)).toHaveLength(1);
    expect(output).toContain('WARNING] damaged.zip cannot be unpacked: ');
    expect(output).not.toContain('._bob');
    expect([collected('ann'), collected('bob')]).toEqual([text('2;'), text('3;')]);
    expect(readdirSync(course.path('submitted')).sort()).toEqual(all);
  }
}, 180_000);

it.skipIf(!hasNbgrader)('a single file is taken, or refused by what it is', async () => {
  const file = join(downloads, `ann_${NOTEBOOK}`);
  writeFileSync(file, text('1;'));
  const { code, output } = await course.run('collect', '--from', file);
  expect(code, output).toBe(0);
  expect(output).toContain('Collected from 1: ann.');
  expect(collected('ann')).toBe(text('1;'));

  const other = join(downloads, 'answers.pdf');
  writeFileSync(other, '');
  const refused = await course.run('collect', '--from', other);
  expect(refused.code).toBe(1);
  expect(refused.output).toContain(`Problem: ${other} is no submission of 16.5.`);
  expect(refused.output).toContain(
    `named STUDENT_${NOTEBOOK}, or as Canvas names them, in a folder`,
  );

  const nothing = await course.run('collect', '--from', join(downloads, 'gone.zip'));
  expect(nothing.code).toBe(1);
  expect(nothing.output).toContain(`Problem: There is no ${join(downloads, 'gone.zip')}.`);
  expect(nothing.output).toContain('the archive (.zip)');
}, 180_000);

it.skipIf(!hasNbgrader)('archives in archives are unpacked, but not without an end', async () => {
  const file = join(downloads, 'submissions.zip');
  python(
    `import io, zipfile
def packed(name, content):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content)
    return file.getvalue()
near = packed(${JSON.stringify(`ann_${NOTEBOOK}`)}, ${JSON.stringify(text('1;'))})
deep = packed(${JSON.stringify(`bob_${NOTEBOOK}`)}, ${JSON.stringify(text('2;'))})
for _ in range(6):
    deep = packed("deep.zip", deep)
with zipfile.ZipFile(${JSON.stringify(file)}, "w") as archive:
    archive.writestr("near.zip", near)
    archive.writestr("deep.zip", deep)
`,
    course.folder,
  );
  const { code, output } = await course.run('collect', '--from', file);
  expect(code, output).toBe(0);
  expect(output).toContain('Collected from 1: ann.');
  expect(output).toMatch(/NOT TAKEN, as they are no notebooks.*: deep\.zip\./);
}, 180_000);
