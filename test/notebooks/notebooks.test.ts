import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { clean } from '../../lib/course/notebooks/clean';
import { compare, report } from '../../lib/course/notebooks/compare';
import { execute } from '../../lib/course/notebooks/execute';
import { findNotebooks, isCode, notebookText, readNotebook,
  textOf } from '../../lib/course/notebooks/notebook';
import { root } from '../../lib/course/setup/paths.mjs';
import { PLOTLY } from '../../lib/plots/show';

/** The course, in reading order. */
const NAMES = [
  '16.0-eight-tokens-by-hand',
  '16.1-training-vs-inference',
  '16.2-teacher-forcing-and-the-causal-mask',
  '16.3-autoregressive-generation',
  '16.4-the-generate-loop',
  '16.5-padding-and-batches',
  '16.6-what-it-costs',
  '16.7-decoding-strategies',
  '16.8-why-autoregressive',
  '16.9-summary-and-checklist',
].map((name) => `${name}.ipynb`);

const files = findNotebooks();
const all = files.map((file) => ({ name: basename(file), notebook: readNotebook(file) }));

// The tests below run once for each notebook that is found: without notebooks only this one fails.
test('the notebooks of the course are there, and none besides', () => {
  const notebooksIn = (folder: string): string[] =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ipynb') && !name.includes('.ipynb_checkpoints')
    );
  expect(all.map(({ name }) => name)).toEqual(NAMES);
  expect(notebooksIn('notebooks').sort()).toEqual(NAMES);
  expect(['lib', 'data', 'test'].flatMap(notebooksIn)).toEqual([]);
});

test.each(all)('$name is saved without traces of one run', ({ name, notebook }) => {
  expect(
    notebookText(clean(notebook)) === notebookText(notebook),
    `run "npm run notebooks -- ${name}"`,
  ).toBe(true);
});

test.each(all)(
  '$name has three plots or more, exercises that can be checked, and a checklist at its end',
  ({ name, notebook: { cells } }) => {
    const code = cells.filter(isCode);
    const plots = code.flatMap(({ outputs }) => outputs).filter((output) =>
      output.output_type === 'display_data' && PLOTLY in output.data
    );
    const exercises = cells.filter((cell) =>
      !isCode(cell) && /^\*\*16\.\d\.\d /m.test(textOf(cell.source))
    );
    const checks = code.filter(({ source }) => textOf(source).startsWith('await check('));
    expect(plots.length).toBeGreaterThanOrEqual(3);
    // that of 16.9 stands beside one that is answered in the reader's own words
    expect(exercises.length).toBeGreaterThanOrEqual(name.startsWith('16.9') ? 1 : 3);
    expect(checks.length).toBe(exercises.length);
    expect(cells.at(-1)?.id).toBe('checklist');
  },
);

test.each(all)(
  'README gives the minutes of $name that its card gives',
  ({ name, notebook: { cells: [card] } }) => {
    const [, minutes = ''] = /\*\*Minutes\*\* \| (\d+)/.exec(card ? textOf(card.source) : '') ?? [];
    const line = readFileSync(join(root, 'README.md'), 'utf8').split('\n').find((one) =>
      one.includes(`(notebooks/${name})`)
    );
    expect(line).toMatch(new RegExp(`\\| ${minutes} \\|$`));
  },
);

test.each(files)('a clean run of %s gives the committed outputs', async (file) => {
  const committed = readNotebook(file);
  const now = await execute(file);
  expect(report(basename(file), compare(committed, now))).toBe('');
}, 300_000);

test.each(all)('every figure of curves in $name has a title of its own', ({ notebook }) => {
  // compare() tells the reader which of them changed, by their titles
  const figures = notebook.cells.filter(isCode).flatMap(({ outputs }) => outputs).flatMap((
    output,
  ) => ('data' in output ? [output.data[PLOTLY] as Drawn | undefined] : []));
  const titles = figures.filter((figure) => figure?.data.some(({ type }) => type === 'scatter'))
    .map((figure) => figure?.layout.title?.text.split('<br>')[0]);
  expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
});

interface Drawn {
  data: { type: string }[];
  layout: { title?: { text: string } };
}
