/**
 * What an instructor meets on the way from a release to scores: mistakes that one sentence answers,
 * scores by exercise, and links that lead somewhere.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pythonOf, root } from '../../lib/course/setup/paths.mjs';
import { assignments, handedIn, hasNbgrader, python, release, writeBook } from './assignment-book';
import { ASSIGNMENT, Course, NOTEBOOK } from './assignment-course';

const windows = process.platform === 'win32';

let course: Course;

const released = (...names: string[]): void => release(course, ...names);

beforeEach(() => {
  course = new Course();
});
afterEach(() => course.remove());

describe('an instructor', () => {
  it.each(['collect', 'grade', 'feedback'])(
    'who asks to %s what was never released reads what the course has',
    async (step) => {
      released('16.4', '16.6');
      const { code, output } = await course.run(step);
      expect(code).toBe(1);
      expect(output).toContain(`Problem: 16.5 has not been released in ${course.folder}.`);
      expect(output).toContain(
        'Next step: The course has released 16.4, 16.6. To release it: '
          + `npm run assignment -- release 16.5 --course ${course.folder}`,
      );
    },
    60_000,
  );

  it('who has lost the grade book reads what the course has', async () => {
    released('16.4');
    writeFileSync(course.path('gradebook.db'), '');
    rmSync(course.path('gradebook.db'));
    const { code, output } = await course.run('export');
    expect(code).toBe(1);
    expect(output).toContain('it has no gradebook.db.');
    expect(output).toMatch(/has released 16\.4\. Name the folder .*-- release 16\.4 --course/);
  });

  it('who asks for feedback before a submission or a score reads the next step', async () => {
    released(ASSIGNMENT);
    const nobody = await course.run('feedback');
    expect(nobody.code).toBe(1);
    expect(nobody.output).toMatch(/Problem: Nobody has handed in 16\.5\.\nNext step: .* collect/);
    course.submit('ann', '');
    const { code, output } = await course.run('feedback');
    expect(code).toBe(1);
    expect(output).toMatch(
      /Problem: No submission of 16\.5 has a score yet, .*\nNext step: .* grade 16\.5/,
    );
    expect(output).not.toContain('nbgrader');
  });

  it.skipIf(!hasNbgrader)('who collects no submission reads how files are named', async () => {
    released(ASSIGNMENT);
    const downloads = course.path('downloads');
    mkdirSync(downloads);
    const empty = await course.run('collect', '--from', downloads);
    expect(empty.code).toBe(1);
    expect(empty.output).toContain(`Problem: There is no file in ${downloads}.`);
    expect(empty.output).toContain(`named STUDENT_${NOTEBOOK}, or as Canvas`);

    writeFileSync(join(downloads, 'ann_16.4-the-generate-loop.ipynb'), '');
    writeFileSync(join(downloads, 'answers.pdf'), '');
    const others = await course.run('collect', '--from', downloads);
    expect(others.code).toBe(1);
    expect(others.output).toContain('are not of 16.5: ann_16.4-the-generate-loop.ipynb.');
    expect(others.output).toContain('name no student: answers.pdf.');
    expect(others.output).toContain(`Problem: No file in ${downloads} is a submission of 16.5.`);
    expect(others.output).toContain(`named STUDENT_${NOTEBOOK}, or as Canvas`);
    expect(existsSync(course.path('submitted', 'ann'))).toBe(false);
  }, 120_000);
});

describe('the export', () => {
  it.skipIf(!hasNbgrader)('says that nobody has handed in, and writes the headers', async () => {
    released(ASSIGNMENT);
    const { code, output } = await course.run('export');
    expect(code, output).toBe(0);
    expect(output).toContain('Nobody has handed in 16.5: there are no scores yet.');
    expect(output).not.toContain('The scores are in');
    expect(output).toContain('Next: npm run assignment -- collect 16.5 --from FOLDER');
    expect(readFileSync(course.path('grades.csv'), 'utf8')).toMatch(
      /^assignment,[^\n]*state\r?\n$/,
    );
    expect(readFileSync(course.path('grades-by-exercise.csv'), 'utf8').trim())
      .toBe('assignment,exercise,student_id,points,max_points');
  }, 120_000);

  it.skipIf(!hasNbgrader)(
    'gives points by exercise, and none where nothing is graded',
    async () => {
      released(ASSIGNMENT);
      for (const name of ['ann', 'bob']) course.submit(name, handedIn('1;'));
      // bob's is in the grade book, but nbgrader was stopped before it had ended
      writeBook(course, ['ann', 'bob'], ['ann']);
      python(
        `from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    book.add_student("eve")
    book.find_grade("check-late", "16.5-padding-and-batches", "16.5", "ann").manual_score = 3.5
    book.db.commit()
`,
        course.folder,
      );
      const { code, output } = await course.run('export', '--to', course.path('all.csv'));
      expect(code, output).toBe(0);
      expect(output).toContain(course.path('all-by-exercise.csv'));
      expect(output).not.toContain('Nobody');
      expect(readFileSync(course.path('all-by-exercise.csv'), 'utf8').replaceAll('\r', '')).toBe(
        `assignment,exercise,student_id,points,max_points
16.5,16.5.1,ann,2.0,2.0
16.5,16.5.10,ann,3.5,4.0
16.5,16.5.1,bob,,2.0
16.5,16.5.10,bob,,4.0
16.5,16.5.1,eve,0.0,2.0
16.5,16.5.10,eve,0.0,4.0
`,
      );
    },
    120_000,
  );

  it.skipIf(!hasNbgrader)('makes the folder of its file, and refuses a folder', async () => {
    released(ASSIGNMENT);
    const folder = course.path('for', 'the dean');
    const made = await course.run('export', '--to', join(folder, 'all.csv'));
    expect(made.code, made.output).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['all-by-exercise.csv', 'all.csv']);
    const { code, output } = await course.run('export', '--to', folder);
    expect(code).toBe(1);
    expect(output).toContain(`Problem: ${folder} is a folder.`);
    expect(output).not.toContain('nbgrader');
    const below = await course.run('export', '--to', join(folder, 'all.csv', 'x.csv'));
    expect(below.output).toMatch(/Problem: .*x\.csv cannot be written: /);
    expect(below.output).not.toContain('nbgrader');
  }, 120_000);
});

describe('a page of feedback', () => {
  it.skipIf(!hasNbgrader)(
    'keeps the links that lead somewhere, and the texts of the others',
    () => {
      const links = [
        '#check-batch-of',
        'https://example.com/a',
        'mailto:ann@example.com',
        '../notebooks/glossary.md#padding',
        'http://127.0.0.1:8716/#panel=batch',
        '16.6-x.ipynb',
        '/etc/passwd',
        '//example.com/b',
        'javascript:alert(1)',
        'data:text/html,x',
      ];
      const page = links.map((to, i) => `<a href="${to}" onclick="x()">text ${i}</a>`).join('');
      const source = 'import sys; from grading.safe_html import safe_html\n'
        + 'sys.stdout.write(safe_html(sys.argv[1]))';
      const { stdout, stderr } = spawnSync(pythonOf(), ['-c', source, page], { encoding: 'utf8',
        env: { ...process.env, PYTHONPATH: assignments } });
      const kept = [...stdout.matchAll(/href="([^"]*)"/g)].map(([, to]) => to);
      expect(kept, stderr).toEqual(links.slice(0, 3));
      expect(stdout.replace(/<[^>]*>/g, '')).toBe(links.map((_, i) => `text ${i}`).join(''));
    },
  );

  it.skipIf(!hasNbgrader)('says what is not marked', () => {
    const page = python(
      `from nbconvert import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook
from grading.safe_html import safe_html
page = HTMLExporter(template_name="course_feedback", filters={"safe_html": safe_html},
                    extra_template_basedirs=["${join(assignments, 'templates')}"])
notebook = new_notebook(cells=[new_markdown_cell("[word](../notebooks/glossary.md#word)")])
of = {"title": "16.5", "whose": "ann", "score": 1, "max_score": 2, "late_penalty": 0}
print(page.from_notebook_node(notebook, resources={"nbgrader": of})[0])
`,
      course.folder,
    );
    expect(page.slice(page.indexOf('</table>'))).toMatch(
      /<p id="not-marked">Predictions \(<code>predict\('…'\)<\/code>\), .* are not marked\.<\/p>/,
    );
    expect(page).toMatch(/<section><p><a>word<\/a><\/p>\s*<\/section>/);
  });
});

describe('a released notebook', () => {
  /** The targets of its links. */
  const linksOf = (...args: string[]): string[] => {
    const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
    const program = join(assignments, 'release.ts');
    const { status, stderr } = spawnSync(
      process.execPath,
      [tsx, program, ASSIGNMENT, course.folder, ...args],
      { cwd: root, encoding: 'utf8' },
    );
    expect(status, stderr).toBe(0);
    const { cells } = JSON.parse(readFileSync(course.path(NOTEBOOK), 'utf8')) as {
      cells: { cell_type: string; source: string[] }[];
    };
    const text = cells.filter(({ cell_type: type }) => type === 'markdown')
      .flatMap(({ source }) => source).join('');
    return [...text.matchAll(/\]\(([^)]+)/g)].map(([, target]) => target!);
  };

  it('has links that lead somewhere from my-notebooks/ and from a folder on a hub', () => {
    const paths = linksOf().filter((target) => !/^\w+:/.test(target))
      .map((target) => target.split('#')[0]!);
    expect(paths).toContain('../notebooks/glossary.md');
    expect(paths).toContain('../my-notebooks/16.6-what-it-costs.ipynb');
    // a copy in my-notebooks/ is there for each notebook
    for (const path of paths) {
      expect(path).toMatch(/^\.\.\/(my-)?notebooks\//);
      expect(existsSync(join(root, 'notebooks', basename(path))), path).toBe(true);
    }
  }, 120_000);

  it('links to the explainer at the address that is given', async () => {
    expect(linksOf().filter((target) => target.startsWith('http://127.0.0.1'))).not.toEqual([]);
    const links = linksOf('https://example.com/course/');
    expect(links.filter((target) => target.startsWith('http:'))).toEqual([]);
    expect(links).toContain(
      'https://example.com/course/#secondPrompt=Summarize&panel=batch',
    );
    const { code, output } = await course.run('release', '--explainer', 'my site');
    expect(code).toBe(1);
    expect(output).toContain(
      '--explainer must be the https:// address of the folder, got my site.',
    );
  }, 120_000);
});

describe('a kernel that grades', () => {
  it.skipIf(windows || !hasNbgrader)('keeps no prediction and no run', () => {
    const own = course.path('my-notebooks');
    const code = `import { came, compare, predict } from '../lib/index';
predict('16.5 open cells', 7);
came('16.5 open cells', 7);
compare('mine');`;
    const state = python(
      `import pathlib, sys
from grading import sandbox
from grading.kernel import Kernel
with Kernel(sandbox.ROOT / ".cache", isolated=False) as kernel:
    print(kernel.execute(${JSON.stringify(code)}, processor=300, clock=300))
`,
      course.folder,
      { COURSE_MY_NOTEBOOKS: own },
    );
    expect(state).toContain("state='ok'");
    expect(existsSync(own)).toBe(false);
  }, 300_000);
});
