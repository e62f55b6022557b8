import { expect, it } from 'vitest';
import { tokenGrid } from '../../lib/plots/index';
import type { TokenKind } from '../../lib/plots/token-grid';

const row = (...cells: [string, TokenKind][]) => cells.map(([text, kind]) => ({ text, kind }));
const rows = [
  row(['The', 'prompt'], ['agent', 'prompt'], ['opened', 'generated']),
  row(['<pad>', 'padding'], ['Summarize', 'prompt']),
];

it('gives each token a cell at its row and position, in the colour of its kind', () => {
  const { data } = tokenGrid(rows, { rowLabels: ['first', 'second'], xTitle: 'position' });
  const cells = data.flatMap(({ name, y, base, x, text }) =>
    (y as number[]).map((
      r,
      i,
    ) => [name, r, (base as number[])[i]! + (x as number[])[i]! / 2, (text as string[])[i]])
  );
  const rounded = cells.map((
    [name, r, centre, text],
  ) => [name, r, Math.round(Number(centre) * 1e6) / 1e6, text]);
  expect(rounded).toEqual([
    ['padding', 1, 0, '<pad>'],
    ['prompt', 0, 0, 'The'],
    ['prompt', 0, 1, 'agent'],
    ['prompt', 1, 1, 'Summarize'],
    ['generated', 0, 2, 'opened'],
  ]);
});

it('counts the cells of each kind that occurs', () => {
  const { summary, data } = tokenGrid(rows, { rowLabels: ['first', 'second'], xTitle: 'position' });
  expect(summary).toBe('2 rows of up to 3 places. Cells: padding 1, prompt 3, generated 1.');
  expect(data.map(({ name }) => name)).toEqual(['padding', 'prompt', 'generated']);
});

it('refuses labels that do not fit the rows', () => {
  expect(() => tokenGrid(rows, { rowLabels: ['one'], xTitle: 'x' })).toThrow(
    'the number of row labels must be 2, one for each row, got 1',
  );
});
