/** The glossary: its entries, and the links to it from the terms of the notebooks. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Cell, findNotebooks, isCode, readNotebook,
  textOf } from '../../lib/course/notebooks/notebook';
import { root } from '../../lib/course/setup/paths.mjs';

const page = readFileSync(join(root, 'notebooks', 'glossary.md'), 'utf8');
const terms = [...page.matchAll(/^## (.*)$/gm)].map(([, term]) => term!);
const anchors = new Set(terms.map((term) => term.replaceAll(' ', '-')));
const notebooks = findNotebooks().map((file) => ({ name: basename(file),
  texts: readNotebook(file).cells.filter((cell) => !isCode(cell)).map(({ id, source }) => ({ id,
    source: textOf(source) })
  ) })
);

/** From the copies, which have no glossary beside them, and from the notebooks themselves. */
const LINK = /^\[[^\]]+\]\(\.\.\/notebooks\/glossary\.md#([^)]+)\)$/;

/** What is bold in a text, except what leads a paragraph, has a number or ends a sentence. */
const boldTerms = (source: string): string[] =>
  [...source.matchAll(/\*\*([^*]+)\*\*/g)].map(([, words]) => words!).filter((words) =>
    !/^\d|[.?!]$/.test(words)
  );

test('the glossary has a text for each term, in order, found by both kinds of anchors', () => {
  expect(terms.length).toBeGreaterThan(80);
  expect([...terms].sort()).toEqual(terms);
  // GitHub drops other characters and capital letters from an anchor, JupyterLab keeps them.
  expect(terms.filter((term) => !/^[a-z0-9]+(?:[ -][a-z0-9]+)*$/.test(term))).toEqual([]);
  const entries = page.split(/^## .*$/m).slice(1);
  expect(entries.filter((text) => text.trim().length < 30)).toEqual([]);
});

test('the sections that the glossary names are there', () => {
  const headings = notebooks.flatMap(({ texts }) =>
    texts.flatMap(({ source }) => [...source.matchAll(/^#+ (16\.\d(?:\.\d+)?)/gm)])
  ).map(([, section]) => section);
  const named = [...page.matchAll(/\b16\.\d(?:\.\d+)?/g)].map(([section]) => section);
  expect(named.length).toBeGreaterThan(80);
  expect(named.filter((section) => !headings.includes(section))).toEqual([]);
});

test.each(notebooks)('every bold term of $name links to its entry', ({ texts }) => {
  const parts = texts.filter(({ id, source }) => id !== 'card' && !/^\*\*16\.\d\.\d /.test(source));
  const bold = parts.flatMap(({ id, source }) => boldTerms(source).map((words) => ({ id, words })));
  const unlinked = bold.filter(({ words }) => !anchors.has(LINK.exec(words)?.[1] ?? ''));
  expect(unlinked).toEqual([]);
});

test('a bold term of a notebook leads to every entry', () => {
  const linked = new Set(
    notebooks.flatMap(({ texts }) =>
      texts.flatMap(({ source }) => boldTerms(source).map((words) => LINK.exec(words)?.[1]))
    ),
  );
  expect([...anchors].filter((anchor) => !linked.has(anchor))).toEqual([]);
});

test('tf.tidy is explained before the first cell that calls it', () => {
  const cells = findNotebooks().flatMap((file) =>
    readNotebook(file).cells.map((cell) => ({ file, cell }))
  );
  const first = (found: (cell: Cell) => boolean): number =>
    cells.findIndex(({ cell }) => found(cell));
  const explained = first((cell) =>
    !isCode(cell) && textOf(cell.source).includes('glossary.md#tidy')
  );
  const called = first((cell) => isCode(cell) && textOf(cell.source).includes('tf.tidy('));
  expect(explained).toBeGreaterThan(0);
  expect(called).toBeGreaterThan(explained);
});
