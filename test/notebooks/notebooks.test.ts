import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { compare, report } from '../../lib/course/notebooks/compare';
import { execute } from '../../lib/course/notebooks/execute';
import { lineOf, lint } from '../../lib/course/notebooks/lint';
import { findNotebooks, isCode, notebookText, PLOTLY, readNotebook, root,
  textOf } from '../../lib/course/notebooks/notebook';
import { clean } from '../../lib/course/notebooks/clean';
import { proseFindings } from '../../lib/course/notebooks/prose';
import type { Finding } from '../../lib/course/notebooks/program';

const files = findNotebooks();
const all = files.map((file) => ({ name: basename(file), notebook: readNotebook(file) }));

test('every notebook in the repository lies where these tests look', () => {
  const outside = ['lib', 'data', 'test'].filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.ipynb')
      )
    );
  const inside = existsSync(join(root, 'notebooks'))
    ? readdirSync(join(root, 'notebooks'), { recursive: true, encoding: 'utf8' }).filter(isNotebook)
    : [];
  expect(outside).toEqual([]);
  expect(inside.sort()).toEqual(files.map((file) => basename(file)));
});

function isNotebook(name: string): boolean {
  return name.endsWith('.ipynb') && !name.includes('.ipynb_checkpoints');
}

test('README is good Markdown', () => {
  expect(proseFindings([], ['README.md']).map(lineOf)).toEqual([]);
});

describe.skipIf(all.length === 0)('the rules for notebooks', () => {
  let findings: Map<string, Finding[]>;
  beforeAll(() => {
    findings = lint(all);
  }, 120_000);

  test.each(all)('$name keeps the rules', ({ name }) => {
    expect((findings.get(name) ?? []).map(lineOf)).toEqual([]);
  });

  test.each(all)('$name is saved without noise', ({ name, notebook }) => {
    expect(
      notebookText(clean(notebook)) === notebookText(notebook),
      `run "npm run notebooks -- ${name}"`,
    ).toBe(true);
  });
});

test.each(all)(
  '$name has three plots or more, exercises that can be checked, and a checklist at its end',
  ({ name, notebook: { cells } }) => {
    const code = cells.filter(isCode);
    const plots = code.flatMap(({ outputs }) => outputs).filter((output) =>
      output.output_type === 'display_data' && PLOTLY in output.data
    );
    const exercises = cells.filter((cell) =>
      !isCode(cell) && /^\*\*\d\. /m.test(textOf(cell.source))
    );
    const behind = code.slice(code.findIndex(({ id }) => id.startsWith('exercise')));
    // the half of the chapter with three exercises in each notebook
    const second = /^16\.[5-8]/.test(name);
    expect(plots.length).toBeGreaterThanOrEqual(3);
    expect(exercises.length).toBeGreaterThanOrEqual(second ? 3 : 2);
    if (!name.startsWith('16.9'))
      expect(behind.filter(({ id }) => id.startsWith('check-')).length).toBe(exercises.length); // there one asks for the reader's own words
    expect(cells.at(-1)?.id).toBe('checklist');
  },
);

test.each(all)(
  'README tells the minutes of $name as its card does',
  ({ name, notebook: { cells: [card] } }) => {
    const [, minutes] = /\*\*Minutes\*\* \| (\d+)/.exec(card ? textOf(card.source) : '') ?? [];
    const line = readFileSync(join(root, 'README.md'), 'utf8').split('\n').find((one) =>
      one.includes(`(notebooks/${name})`)
    );
    expect(line).toMatch(new RegExp(`\\| ${minutes} \\|$`));
  },
);

test.each(files)('a clean run of %s gives the committed outputs', async (file) => {
  const committed = readNotebook(file);
  const [now] = await execute([file]);
  expect(now && report(basename(file), compare(committed, now))).toBe('');
}, 300_000);
