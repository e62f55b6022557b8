/** What `collect --from` takes: a folder, an archive, a single file; and what it says of others. */
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync,
  writeFileSync } from 'node:fs';
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
    if (from === file) expect(output).toContain('Collected from 2: ann, bob.');
    else expect(output).toContain('from 1: eve.\nThere already, the same file: ann, bob.');
    expect(output).toContain(`a newer one of the same student: ann_${NOTEBOOK}.`);
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

/** Writes a tar: the text and the time, in seconds, of each file by its path. */
function tar(file: string, members: Record<string, readonly [text: string, time: number]>): void {
  python(
    `import io, json, tarfile
with tarfile.open(${JSON.stringify(file)}, "w:gz") as archive:
    for path, (text, time) in json.loads(${JSON.stringify(JSON.stringify(members))}).items():
        member = tarfile.TarInfo(path)
        member.size, member.mtime = len(text), time
        archive.addfile(member, io.BytesIO(text.encode()))
`,
    course.folder,
  );
}

/** Collects a file, and gives what is said between the commands and the next step. */
async function collect(from: string): Promise<string> {
  const { code, output } = await course.run('collect', '--from', from);
  expect(code, output).toBe(0);
  expect(output).toContain('Next: npm run assignment -- grade 16.5');
  expect(output).not.toContain('WARNING');
  return output.slice(output.indexOf('--force') + 8, output.indexOf('Next:'));
}

/** Noon of a year's first day, in the time zone of this machine. */
const seconds = (year: number): number => new Date(year, 0, 1, 12).getTime() / 1000;

it.skipIf(!hasNbgrader)(
  'an older file does not replace a newer one, whatever holds it',
  async () => {
    const plain = join(downloads, `ann_${NOTEBOOK}`);
    const put = (body: string, year: number): void => {
      writeFileSync(plain, text(body));
      utimesSync(plain, seconds(year), seconds(year));
    };
    put("'plain';", 2010);
    expect(await collect(plain)).toBe('Collected from 1: ann.\n');
    expect(statSync(course.path('submitted', 'ann', ASSIGNMENT, NOTEBOOK)).mtimeMs / 1000)
      .toBe(seconds(2010));

    const zipped = join(downloads, 'older.zip');
    zip(zipped, { [`ann_${NOTEBOOK}`]: [text("'zip';"), 2009] });
    expect((await collect(zipped)).split('\n')).toEqual([
      'NOT TAKEN, as what the student has handed in is newer:',
      `  ann: ann_${NOTEBOOK}, of 2009-01-01 00:00; there is one of 2010-01-01 12:00`,
      `To take such a file all the same, remove ${
        course.path('submitted', 'STUDENT', ASSIGNMENT)
      } and collect again.`,
      '',
    ]);
    const packed = join(downloads, 'packed.tar.gz');
    tar(packed, { [`x/ann_${NOTEBOOK}`]: [text("'old tar';"), seconds(2008)] });
    expect(await collect(packed)).toMatch(/ann: .* of 2008-01-01 12:00; there is one of 2010-/);
    put("'older plain';", 2007);
    expect(await collect(plain)).toMatch(/ann: .* of 2007-01-01 12:00; there is one of 2010-/);
    expect(collected('ann')).toBe(text("'plain';"));

    tar(packed, { [`x/ann_${NOTEBOOK}`]: [text("'tar';"), seconds(2011)] });
    expect(await collect(packed)).toBe('Collected from 1: ann.\n');
    expect(collected('ann')).toBe(text("'tar';"));
    // an archive without times: it counts as new
    zip(zipped, { [`ann_${NOTEBOOK}`]: [text("'no time';"), 1980] });
    expect(await collect(zipped)).toBe('Collected from 1: ann.\n');
    expect(await collect(packed)).toMatch(/ann: .* of 2011-01-01 12:00; there is one of 20[2-9]/);
    expect(collected('ann')).toBe(text("'no time';"));
  },
  400_000,
);

it.skipIf(!hasNbgrader)(
  "Canvas's numbers and the exchange's times tell what is older",
  async () => {
    const put = (name: string, body: string): string => {
      const file = join(downloads, name);
      writeFileSync(file, text(body));
      return file;
    };
    const second = put(`doejane_77_10001_${NOTEBOOK}`, "'second';");
    utimesSync(second, seconds(2010), seconds(2010));
    expect(await collect(second)).toBe('Collected from 1: 77.\n');
    // downloaded later, handed in earlier
    const first = put(`doejane_77_9002_${NOTEBOOK}`, "'first';");
    expect(await collect(first)).toContain(`77: doejane_77_9002_${NOTEBOOK}, an earlier attempt`);
    expect(collected('77')).toBe(text("'second';"));

    course.submit('bob', text("'by exchange';"));
    writeFileSync(
      course.path('submitted', 'bob', ASSIGNMENT, 'timestamp.txt'),
      '2126-01-01 10:00:00.000000 UTC',
    );
    expect(await collect(put(`bob_${NOTEBOOK}`, "'by mail';"))).toMatch(/bob: .* one of 212[56]-/);
    expect(collected('bob')).toBe(text("'by exchange';"));
  },
  200_000,
);
