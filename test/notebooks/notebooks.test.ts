import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { compare, report } from '../../lib/course/notebooks/compare';
import { execute } from '../../lib/course/notebooks/execute';
import { lineOf, lint } from '../../lib/course/notebooks/lint';
import { findNotebooks, notebookText, readNotebook, root } from '../../lib/course/notebooks/notebook';
import { clean } from '../../lib/course/notebooks/clean';
import { proseFindings } from '../../lib/course/notebooks/prose';
import type { Finding } from '../../lib/course/notebooks/program';

const files = findNotebooks();
const all = files.map((file) => ({ name: basename(file), notebook: readNotebook(file) }));

test('every notebook in the repository lies where these tests look', () => {
  const outside = ['lib', 'data', 'test'].filter((folder) => existsSync(join(root, folder))).flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ipynb')));
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
  beforeAll(() => { findings = lint(all); }, 120_000);

  test.each(all)('$name keeps the rules', ({ name }) => {
    expect((findings.get(name) ?? []).map(lineOf)).toEqual([]);
  });

  test.each(all)('$name is saved without noise', ({ name, notebook }) => {
    expect(notebookText(clean(notebook)) === notebookText(notebook), `run "npm run notebooks -- ${name}"`).toBe(true);
  });
});

test.each(files)('a clean run of %s gives the committed outputs', async (file) => {
  const committed = readNotebook(file);
  const [now] = await execute([file]);
  expect(now && report(basename(file), compare(committed, now))).toBe('');
}, 300_000);
