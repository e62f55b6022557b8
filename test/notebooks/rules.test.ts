import { beforeAll, expect, test } from 'vitest';
import { type Cell, type CodeCell, type Notebook,
  type Output } from '../../lib/course/notebooks/notebook';
import { libraryCopies, libraryStretches } from '../../lib/course/style/cells/library-copies';
import { type Finding, lineOf } from '../../lib/course/style/finding';
import { notebookFindings } from '../../lib/course/style/notebooks';
import { PLOTLY } from '../../lib/plots/show';

const card =
  '# 16.9 A title\n\nYou will be able to do it. Before you start: nothing. Minutes: 5.\n';

function text(id: string, source: string): Cell {
  return { cell_type: 'markdown', id, metadata: {}, source };
}

function code(id: string, source: string, outputs: Output[] = [], tags: string[] = []): CodeCell {
  return { cell_type: 'code', id, metadata: { tags }, source, outputs, execution_count: 1 };
}

/** A parameters cell in which `name` is `declared`. */
function declares(declared: string, name = 'p'): CodeCell {
  const source = `import { params } from '../lib/index';\nconst ${name} = ${declared};`;
  return code('parameters', source, [], ['parameters']);
}

const parameters = declares(
  "params({ steps: { default: 3, about: 'More take longer.' } })",
);

function notebook(...cells: Cell[]): Notebook {
  const own = cells.some(({ id }) => id === 'parameters');
  return { cells: [text('card', card), ...(own ? [] : [parameters]), ...cells], metadata: {},
    nbformat: 4, nbformat_minor: 5 };
}

/** A plot with `more` beside the live form. */
function display(more: Record<string, unknown>): Output {
  return { output_type: 'display_data', data: { [PLOTLY]: { data: [], layout: {} }, ...more },
    metadata: {} };
}

/** A plot with a text of so many letters. */
function heavy(letters: number): Output {
  const data = { [PLOTLY]: { data: [], layout: { title: 'x'.repeat(letters) } }, 'image/png': 'x',
    'text/plain': 'x' };
  return { output_type: 'display_data', data, metadata: {} };
}

/** One bad notebook for each rule, with the cell and the words that its finding must hold. */
const bad: Record<string, { cells: Cell[]; cell: string; says: string }> = {
  'a type error, at its line of its cell': {
    cells: [code('first', 'const n = 1;'), code('second', '\nconst s: string = n;')],
    cell: 'second, line 2',
    says: 'TS2322',
  },
  'what only the strict settings refuse': {
    cells: [code('loose', 'function f(x) { return 1; }\nf(1);')],
    cell: 'loose, line 1',
    says: 'TS7006',
  },
  'an import that is not there': {
    cells: [code('import-it', "import { x } from '../lib/nowhere';\nconsole.log(x);")],
    cell: 'import-it, line 1',
    says: 'TS2307',
  },
  'a name that two cells declare': {
    cells: [code('twice-a', 'const a = 1;'), code('twice-b', 'const a = 2;')],
    cell: 'twice',
    says: 'redeclare',
  },
  'a promise that is not awaited': {
    cells: [code('forgets', 'async function work(): Promise<void> {}\n\nwork();')],
    cell: 'forgets, line 3',
    says: 'Promise',
  },
  'a promise that is discarded': {
    cells: [code('voids', 'async function work(): Promise<void> {}\nvoid work();')],
    cell: 'voids, line 2',
    says: 'Promise',
  },
  'a callback whose promise is not awaited': {
    cells: [code('calls-back', '[1].forEach(async (n) => { await Promise.resolve(n); });')],
    cell: 'calls-back, line 1',
    says: 'Promise',
  },
  'a line of more than 88 columns': {
    cells: [code('wide', `// ${'word '.repeat(18)}`)],
    cell: 'wide, line 1',
    says: '93 columns',
  },
  'what ESLint refuses in files too': {
    cells: [code('any', 'const x: any = 1;\nx;')],
    cell: 'any, line 1',
    says: 'no-explicit-any',
  },
  'a heading that skips a level': { cells: [text('deep', '#### Deep')], cell: 'deep, line 1',
    says: 'MD001' },
  'an image without alt text': {
    cells: [text('picture', 'See <img src="a.png">.')],
    cell: 'picture',
    says: 'alt text',
  },
  'a plot without a picture': {
    cells: [code('plot', '', [display({ 'text/plain': 'x' })])],
    cell: 'plot',
    says: 'no still picture',
  },
  'a plot without a summary': {
    cells: [code('plot', '', [display({ 'image/png': 'x' })])],
    cell: 'plot',
    says: 'no summary',
  },
  'a plot of too many bytes': {
    cells: [code('plot', '', [heavy(100_000)])],
    cell: 'plot',
    says: 'at most 100000',
  },
  'plots of too many bytes in all': {
    cells: [code('plots', '', Array.from({ length: 3 }, () => heavy(90_000)))],
    cell: 'card',
    says: 'its plots take',
  },
  'an error output': {
    cells: [
      code('fails', '', [{ output_type: 'error', ename: 'Error', evalue: 'no', traceback: [] }]),
    ],
    cell: 'fails',
    says: 'Error: no',
  },
  'text on stderr': {
    cells: [code('warns', '', [{ output_type: 'stream', name: 'stderr', text: 'x' }])],
    cell: 'warns',
    says: 'stderr',
  },
  'a second parameters cell': { cells: [code('more', '', [], ['parameters'])], cell: 'card',
    says: 'got 2' },
  'parameters that no program can read': {
    cells: [declares("params({ n: { default: 1 + 2, about: 'More.' } })")],
    cell: 'parameters',
    says: '"1 + 2" is none',
  },
  'a parameter without a sentence': {
    cells: [declares('params({ n: 3 })')],
    cell: 'parameters',
    says: 'the parameter n lacks a sentence',
  },
  'parameters by a different name': {
    cells: [declares("params({ n: { default: 3, about: 'More.' } })", 'p2')],
    cell: 'parameters',
    says: 'must be called p, got p2',
  },
  'a text of more than 70 words': {
    cells: [text('list', `- ${'word '.repeat(80)}.`), text('long', `${'word '.repeat(70)}end.`)],
    cell: 'long',
    says: 'a text of 71 words, at most 70',
  },
  'an id that is not words': { cells: [text('0a1b2c3d', 'Text.')], cell: '0a1b2c3d',
    says: 'should be words' },
  'an id in capitals': { cells: [text('firstStep', 'Text.')], cell: 'firstStep',
    says: 'should be words' },
  'an id that is used twice': { cells: [text('same', 'Text.'), text('same', 'More.')], cell: 'same',
    says: 'twice' },
  'five code cells in a row': {
    cells: [text('t', 'Text.'), ...['a', 'b', 'c', 'd', 'e'].map((id) => code(id, ''))],
    cell: 'a',
    says: 'in a row',
  },
};

const good = notebook(
  code('declares', 'let n = 1;\nconst state = { m: n };\nconst read = () => state.m;'),
  code('awaits', 'n = 2;\nstate.m = n;\nawait Promise.resolve(read());'),
  code('begins-with-a-bracket', '[1, 2].map((x) => x + p.steps)'),
  text('section', '## A section\n\n![a plot](a.png)'),
  code('shows-a-value', 'n'),
);

const bare: Notebook = { ...notebook(), cells: [parameters] };

let found: Finding[];
// One run for all of them, because the compiler's start is what takes time.
beforeAll(async () => {
  const notebooks = [
    { file: 'good', notebook: good },
    { file: 'bare', notebook: bare },
    ...Object.entries(bad).map(([file, { cells }]) => ({ file, notebook: notebook(...cells) })),
  ];
  found = await notebookFindings(notebooks);
}, 120_000);
const lines = (name: string): string[] => found.filter(({ file }) => file === name).map(lineOf);

test('a good notebook passes', () => {
  expect(lines('good')).toEqual([]);
});

test.each(Object.entries(bad))('%s is found, and nothing else', (name, { cell, says }) => {
  const all = lines(name);
  expect(all.length).toBeGreaterThan(0);
  for (const line of all) {
    expect(line).toContain(`${name}, cell ${cell}`);
    expect(line).toContain(says);
  }
});

test('each part of the card that a notebook lacks is named', () => {
  expect(lines('bare').filter((line) => line.includes('the card at the head lacks')))
    .toHaveLength(4);
});

test('library code in a cell is found, also when indented; other code is not', () => {
  const library = libraryStretches();
  const [copied = ''] = [...library.keys()].filter((key) => !key.includes('import'));
  const indented = `const before = 1;\n\n${copied.replace(/^/gm, '    ')}`;
  const [finding] = libraryCopies('copies', notebook(code('copy', indented)), library);
  expect(finding).toMatchObject({ cell: 'copy', line: 3 });
  expect(finding?.message).toContain('lib');
  expect(libraryCopies('own', notebook(code('own', 'a();\nb();\nc();\nd();\ne();\nf();')), library))
    .toEqual([]);
});
