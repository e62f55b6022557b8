/** The pages of feedback: what they say, what they load, and how students get them. */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from '../../lib/course/notebooks/browser';
import { findBrowser } from '../../lib/course/setup/find-browser.mjs';
import { jupyterEnvironment, pythonOf, root } from '../../lib/course/setup/paths.mjs';
import { Course, type Draft, NOTEBOOK, rowsComputed } from './assignment-course';
import { finished, type Outcome } from './scratch';

const course = new Course();
let isInstalled = true;
let graded: Outcome;

/** A step of nbgrader as a student on the hub runs it, in a home of their own. */
async function asStudent(name: string, ...args: string[]): Promise<Outcome> {
  const home = course.path('homes', name);
  mkdirSync(join(home, 'work'), { recursive: true });
  return finished(
    spawn(pythonOf(), ['-m', 'nbgrader', ...args], {
      cwd: join(home, 'work'),
      env: { ...jupyterEnvironment(join(home, 'jupyter')), HOME: home, JUPYTERHUB_USER: name,
        COURSE_ID: basename(course.folder), COURSE_EXCHANGE: course.path('exchange'),
        JUPYTER_CONFIG_PATH: join(root, 'lib', 'course', 'hub', 'student') },
    }),
  );
}

const work = (name: string, ...parts: string[]): string =>
  course.path('homes', name, 'work', '16.5', ...parts);

/** Hands a notebook in by nbgrader's exchange. */
async function submitByExchange(name: string, draft: Draft, file = NOTEBOOK): Promise<void> {
  mkdirSync(work(name), { recursive: true });
  writeFileSync(work(name, file), JSON.stringify(draft));
  const { code, output } = await asStudent(name, 'submit', '16.5');
  expect(code, output).toBe(0);
}

/** An answer with a cell of the student's own before it. */
function withOwnCell(own: string, answer: string, type = 'code'): Draft {
  const draft = course.answered({ 'rows-computed': answer });
  const at = draft.cells.findIndex(({ id }) => id === 'exercise-rows-computed');
  const code = type === 'code' ? { outputs: [], execution_count: null } : {};
  draft.cells.splice(at, 0, { id: 'mine', cell_type: type, metadata: {}, source: own, ...code });
  return draft;
}

const HOSTILE = `<script>document.title = 'taken';</script>
<meta http-equiv="refresh" content="0;url=https://example.com/">
<img src="https://example.com/seen.png" onerror="document.title = 'taken'"> $x^2$

**bold**`;

beforeAll(async () => {
  const { code, output } = await course.run('release');
  isInstalled = !/could not reach its registry/.test(output) && process.platform !== 'win32';
  if (!isInstalled) return;
  expect(code, output).toBe(0);
  await submitByExchange('ann', course.answered({ 'rows-computed': rowsComputed.solution }));
  await submitByExchange('renamed', course.released(), 'my own name.ipynb');
  expect((await course.run('collect')).code).toBe(0);
  course.submit('by file', withOwnCell(HOSTILE, rowsComputed.solution, 'markdown'));
  const reads = `import * as fs from 'node:fs';
const greatest = JSON.parse(fs.readFileSync('my-data.json', 'utf8')) as number;`;
  const uses = rowsComputed.solution.replace('Math.max(0, ...newTokens)', 'greatest');
  course.submit('reader', withOwnCell(reads, uses));
  graded = await course.run('grade');
}, 1_200_000);
afterAll(() => course.remove());

const pageOf = (student: string): string =>
  readFileSync(course.path('feedback', student, '16.5', NOTEBOOK.replace('ipynb', 'html')), 'utf8');

it('is fetched by who handed in by the exchange; who handed in a file is named', async (test) => {
  if (!isInstalled) return test.skip();
  expect(graded.code, graded.output).toBe(0);
  const made = await course.run('feedback');
  expect(made.code, made.output).toBe(0);
  expect(made.output).toContain('feedback 16.5 --release');
  const early = await asStudent('ann', 'fetch_feedback', '16.5');
  expect(early.output).not.toContain('Fetched feedback');

  const released = await course.run('feedback', '--release');
  expect(released.code, released.output).toBe(0);
  expect(released.output).toContain('can now be fetched: ann, renamed.');
  expect(released.output).toContain('pages by you: by file, reader.');
  for (const name of ['ann', 'renamed']) {
    const { code, output } = await asStudent(name, 'fetch_feedback', '16.5');
    expect(code, output).toBe(0);
    const [time = ''] = readdirSync(work(name, 'feedback'));
    const [file = ''] = readdirSync(work(name, 'feedback', time));
    expect(readFileSync(work(name, 'feedback', time, file), 'utf8')).toBe(pageOf(name));
  }
}, 600_000);

it('says which cell of the student made an answer fail, and why', (test) => {
  if (!isInstalled) return test.skip();
  expect(pageOf('reader')).toContain(
    "it needs a cell of yours, “const greatest = JSON.parse(fs.readFileSync('my-data.json',…”, "
      + 'which fails with an error: it wants a file that is not there while it is graded',
  );
});

it(
  'names each exercise with its points and what was found on top, and loads nothing',
  async (test) => {
    if (!isInstalled || !findBrowser()) return test.skip();
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      const asked: string[] = [];
      await page.context().route(/^(?!file:)/, (route) => {
        asked.push(route.request().url());
        return route.abort();
      });
      const open = async (student: string): Promise<string[]> => {
        const file = course.path('feedback', student, '16.5', NOTEBOOK.replace('ipynb', 'html'));
        await page.goto(pathToFileURL(file).href);
        const rows = await page.locator('#found tr').allInnerTexts();
        return rows.map((row) => row.split('\t').map((text) => text.trim()).join(' | '));
      };
      const rows = await open('ann');
      expect(rows[1]).toMatch(
        /^Exercise 16\.5\.1: What the carried rows cost \| 2 of 2 \| right: rows/,
      );
      expect(rows[2]).toMatch(
        /^Exercise 16\.5\.2: Would the .* as well\? \| 0 of 4 \| not attempted$/,
      );
      expect(rows).toHaveLength(6);
      const { y } = (await page.locator('#found').boundingBox())!;
      expect(y).toBeLessThan(300);
      await page.getByRole('link', { name: '16.5.2' }).click();
      expect(new URL(page.url()).hash).toBe('#check-batch-of');
      expect(await page.locator('#check-batch-of').innerText()).toContain('0 of 4 points for');

      await open('by file'); // with a script and a picture in a text of the student
      await page.waitForTimeout(500); // a redirection would have begun
      expect(await page.title()).toBe('Feedback for by file: 16.5 Padding and batches');
      expect(await page.locator('section strong', { hasText: 'bold' }).count()).toBe(1);
      expect(asked).toEqual([]);
    } finally {
      await browser.close();
    }
  },
  120_000,
);

it('is removed when a submission is graded again, and that is said', async (test) => {
  if (!isInstalled) return test.skip();
  course.submit('by file', course.released());
  const again = await course.run('grade');
  expect(again.code, again.output).toBe(0);
  expect(again.output).toMatch(
    /Removed the feedback of by file, which .*-- feedback 16\.5 --course .* makes/,
  );
  expect(again.output).not.toContain('min left');
  expect(readdirSync(course.path('feedback'))).toContain('ann');
}, 600_000);
