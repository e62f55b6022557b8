import { describe, expect, test } from 'vitest';
import { bars } from '../../lib/plots/bars';
import type { Figure, Spec } from '../../lib/plots/figure';
import { heatmap, type HeatmapOptions } from '../../lib/plots/heatmap';
import { lines, type LineSeries } from '../../lib/plots/lines';
import { histogram } from '../../lib/plots/histogram';
import { palette } from '../../lib/plots/palette';
import { linesAsSvg } from '../../lib/plots/lines-as-svg';
import { lossCurve } from '../../lib/plots/loss-curve';
import { row } from '../../lib/plots/side-by-side';
import { tokenGrid } from '../../lib/plots/token-grid';

const words = ['for', 'to', 'that'];
const titles = { xTitle: 'next word', yTitle: 'probability' };
const share = Float32Array.from([0.18, 0.12, 0.05]);

const one = bars(words, share, { ...titles, title: 'step 1', percent: true, highlight: 'for' });
const grid = heatmap([[1, null], [0.25, 0.75]], { rowLabels: ['a', 'b'], columnLabels: ['c', 'd'],
  ...titles });
const all: Record<string, Figure> = {
  bars: one,
  lines: lines([{ name: 'loss', y: [3, 2, 1] }], { ...titles,
    references: [{ name: 'floor', value: 0.9 }] }),
  heatmap: grid,
  histogram: histogram([1, 2, 2, 3], titles),
  row: row([one, grid], { title: 'both' }),
};

describe.each(Object.entries(all))('%s', (_, figure) => {
  test('is plain JSON, so that it reaches the notebook unchanged', () => {
    expect(JSON.parse(JSON.stringify(figure))).toEqual(figure);
  });

  test('names both axes, is on white in every theme and says in words what to see', () => {
    const axis = (letter: string): Spec => figure.layout[`${letter}axis`] as Spec;
    expect((axis('x')['title'] as Spec)['text']).toBe(titles.xTitle);
    expect((axis('y')['title'] as Spec)['text']).toBe(titles.yTitle);
    expect(figure.layout['paper_bgcolor']).toBe('#FFFFFF');
    expect(figure.summary).toMatch(/^.{10,}\.$/);
  });
});

test('bars keep the numbers as they are, single precision included', () => {
  expect(one.data[0]?.['y']).toEqual([...share]);
});

test('bars show the highlighted label in colour; repeated labels keep their own places', () => {
  expect(one.data[0]?.['marker']).toEqual({
    color: [palette.highlight, palette.muted, palette.muted],
  });
  const twice = bars(['a', 'a'], [1, 2], { ...titles, highlight: 1 });
  expect(twice.data[0]).toMatchObject({ x: [0, 1],
    marker: { color: [palette.muted, palette.highlight] } });
});

test('the first of horizontal bars is on top', () => {
  const horizontal = bars(words, share, { ...titles, horizontal: true });
  expect(horizontal.data[0]).toMatchObject({ orientation: 'h', x: [...share], y: [0, 1, 2] });
  expect(horizontal.layout['yaxis']).toMatchObject({ autorange: 'reversed', ticktext: words });
});

test('the sentence about bars names the highest, and where two sets are farthest apart', () => {
  expect(one.summary).toBe('Highest: for 18 %, then to 12 %.');
  const two = bars(words, [{ name: 'model', values: share }, { name: 'exact',
    values: [0.17, 0.3, 0.05] }], {
    ...titles,
    percent: true,
  });
  expect(two.summary).toBe(
    'Highest in model: for 18 %; in exact: to 30 %. Farthest apart: to, 12 % against 30 %.',
  );
});

test("the caller's own sentence is used unchanged", () => {
  expect(bars(words, share, { ...titles, summary: 'Look here.' }).summary).toBe('Look here.');
});

test('the sentence about lines says how they change, and where the level is', () => {
  expect(all['lines']?.summary).toBe('loss falls from 3 to 1; floor is 0.9.');
  expect(all['lines']?.data[1]).toMatchObject({ name: 'floor', x: [0, 2], y: [0.9, 0.9] });
});

test('a value that is not finite becomes a gap, not zero', () => {
  expect(lines([{ name: 'loss', y: [1, NaN, Infinity] }], titles).data[0]?.['y']).toEqual([
    1,
    null,
    null,
  ]);
  expect(grid.data[0]?.['z']).toEqual([[1, null], [0.25, 0.75]]);
  const sentence =
    'Largest: 1 in row a, column c; smallest: 0.25 in row b, column c. 1 of 4 cells are hidden.';
  expect(grid.summary).toBe(sentence);
});

test('a heatmap has no scale beside it where the title says what its colours mean', () => {
  const options = { rowLabels: ['a'], columnLabels: ['c'], xTitle: '', yTitle: '' };
  expect(heatmap([[1]], { ...options, showScale: false }).data[0]!['showscale']).toBe(false);
  expect(heatmap([[1]], options).data[0]).not.toHaveProperty('showscale');
});

test('a diverging heatmap is white at zero', () => {
  const signed = heatmap([[-0.5, 0.2]], { rowLabels: ['a'], columnLabels: ['c', 'd'],
    diverging: true, ...titles });
  expect(signed.data[0]).toMatchObject({ zmin: -0.5, zmax: 0.5 });
  const wide = heatmap([[-0.5, 0.2]], {
    rowLabels: ['a'],
    columnLabels: ['c', 'd'],
    diverging: true,
    range: [-0.5, 2],
    ...titles,
  });
  expect(wide.data[0]).toMatchObject({ zmin: -2, zmax: 2 });
});

test('a histogram counts every value once', () => {
  const values = Array.from({ length: 1000 }, (_, i) => Math.sin(i));
  const counts = histogram(values, { bins: 7, ...titles }).data[0]?.['y'] as number[];
  expect(counts).toHaveLength(7);
  expect(counts.reduce((a, b) => a + b)).toBe(1000);
  expect(() => histogram([NaN], titles)).toThrow(
    'values must hold at least one finite number, got none among 1',
  );
});

test('a histogram marks values to compare with where they belong between its bars', () => {
  // bins of width 1 from 0 to 4: bar 0 has its middle at 0.5
  const { layout, summary } = histogram([0, 1, 2, 4], { bins: 4, ...titles,
    references: [{ name: 'limit', value: 2.5 }, { name: 'ours', value: 3.5, color: 'wrong' }] });
  const shapes = layout['shapes'] as Spec[];
  expect(shapes.map(({ x0, x1 }) => [x0, x1])).toEqual([[2, 2], [3, 3]]);
  expect((shapes[1]!['line'] as Spec)['color']).toBe(palette.wrong);
  expect((layout['annotations'] as Spec[]).map(({ x, text }) => [x, text])).toEqual([
    [2, 'limit'],
    [3, 'ours'],
  ]);
  expect(summary).toBe('4 values from 0 to 4, half of them below 2; limit is 2.5; ours is 3.5.');
});

test('no words are slanted; headings and names stand below the mode bar and the title', () => {
  expect(one.layout['xaxis']).toMatchObject({ autotickangles: [0, 90] });
  const top = ({ layout }: Figure): number => Number((layout['margin'] as Spec)['t']);
  expect(top(row([one, grid]))).toBe(top(row([one, grid], { title: 'both' })));
  const titled = { ...titles, title: 'counts' };
  const plain = histogram([0, 1, 2, 4], titled);
  const named = histogram([0, 1, 2, 4], { ...titled, references: [{ name: 'limit', value: 2.5 }] });
  expect(top(named)).toBeGreaterThanOrEqual(top(plain) + 16);
  const inside = (figure: Figure): number => Number(figure.layout['height']) - top(figure);
  expect(inside(named)).toBe(inside(plain));
});

test('figures in a row with the same axis title share a scale', () => {
  const both = row([one, bars(words, [1, 0, 0], { ...titles, percent: true })]);
  expect(both.layout['yaxis2']).toMatchObject({ matches: 'y', anchor: 'x2' });
  expect(both.layout['xaxis2']).not.toHaveProperty('matches');
  expect(both.data.map(({ xaxis }) => xaxis)).toEqual(['x', 'x2']);
  expect(row([one, grid]).layout['yaxis2']).not.toHaveProperty('matches');
});

test('repeated names of rows are shown once; longer names get more room', () => {
  const named = (name: string): Figure =>
    heatmap([[1], [2]], { rowLabels: ['a', name], columnLabels: ['c'], ...titles });
  const start = (figure: Figure): number =>
    ((figure.layout['xaxis2'] as Spec)['domain'] as number[])[0] ?? NaN;
  const same = row([named('b'), named('b')]);
  expect(same.layout['yaxis']).not.toHaveProperty('showticklabels');
  expect(same.layout['yaxis2']).toMatchObject({ showticklabels: false });
  const other = row([named('b'), named('c')]);
  expect(other.layout['yaxis2']).not.toHaveProperty('showticklabels');
  expect(start(other)).toBeGreaterThan(start(same));
  expect(start(row([named('b'), named('reviewers opened')]))).toBeGreaterThan(start(other));
});

test('figures in a row are beside each other and never overlap', () => {
  for (const count of [1, 2, 3, 4]) {
    const { layout } = row(new Array<Figure>(count).fill(one));
    const axes = Array.from({ length: count }, (_, i) => layout[`xaxis${i ? i + 1 : ''}`] as Spec);
    const ends = axes.flatMap((axis) => axis['domain'] as number[]);
    expect(ends[0]).toBe(0);
    expect(ends.at(-1)).toBeCloseTo(1, 12);
    expect([...ends].sort((a, b) => a - b)).toEqual(ends);
  }
});

test('values that are not as many as their labels are refused', () => {
  expect(() => bars(words, [1], titles)).toThrow(
    'the number of values of "probability" must be 3, one for each label, got 1',
  );
  expect(() => heatmap([[1]], { rowLabels: ['a'], columnLabels: ['b', 'c'], ...titles })).toThrow(
    'the number of columns must be 2, one for each column label, got 1',
  );
  expect(() => lines([{ name: 'l', x: [1], y: [1, 2] }], titles)).toThrow(
    'the number of x values of "l" must be 2, one for each y value, got 1',
  );
  expect(() => row([])).toThrow('the number of figures must be an integer of at least 1, got 0');
});

test('as many values as memory holds can be drawn', () => {
  const size = 400;
  const names = Array.from({ length: size }, (_, i) => String(i));
  const matrix = names.map((__, r) => Float32Array.from(names, (_, c) => r - c));
  const options: HeatmapOptions = { rowLabels: names, columnLabels: names, ...titles };
  expect(heatmap(matrix, { ...options, diverging: true }).data[0]).toMatchObject({ zmin: -399,
    zmax: 399 });
  const many = new Float64Array(200_000).fill(1);
  const long = lines([{ name: 'l', y: many }], titles);
  expect(long.summary).toContain('begins and ends at 1');
  expect(linesAsSvg(long)).toContain('</svg>');
  expect(histogram(many, titles).summary).toContain('200000 values');
  const text = 'x';
  const cells = Array.from(many, () => ({ text, kind: 'given' as const }));
  const grid = tokenGrid([cells], { rowLabels: ['a'], xTitle: 't' });
  expect(grid.summary).toContain('up to 200000 places');
});

test('twelve curves, twelve sets of bars and three references look different', () => {
  const twelve = Array.from({ length: 12 }, (_, i) => `number ${i}`);
  const curves = lines(twelve.map((name): LineSeries => ({ name, y: [1, 2] })), {
    ...titles,
    references: [{ name: 'a', value: 1 }, { name: 'b', value: 2 }, { name: 'c', value: 3 }],
  });
  const looks = curves.data.map(({ line }) => JSON.stringify(line));
  expect(new Set(looks).size).toBe(15);
  expect(
    new Set(
      linesAsSvg(curves).match(/<path d="M60 .*"2".*>/g)?.map((path) =>
        path.replace(/ d="[^"]*"/, '')
      ),
    ).size,
  ).toBeGreaterThanOrEqual(12);
  const sets = bars(['a'], twelve.map((name) => ({ name, values: [1] })), titles);
  expect(new Set(sets.data.map(({ marker }) => JSON.stringify(marker))).size).toBe(12);
});

test('a curve without a colour does not look like one that the caller has coloured', () => {
  const { data } = lines([
    { name: 'a', y: [1] },
    { name: 'b', y: [1], color: 'training' },
    { name: 'c', y: [1], color: 'exact', dash: 'dash' },
    { name: 'd', y: [1], dash: 'dash' },
  ], titles);
  expect(new Set(data.map(({ line }) => JSON.stringify(line))).size).toBe(4);
  expect(data[1]?.['line']).toEqual({ color: palette.training, dash: 'solid', width: 2 });
});

/** Options whose misspelt name no type can see. */
const misspelt = { ...titles, colour: 'exact', rowLabels: ['a'], columnLabels: ['a'] };

test.each<[string, () => unknown]>([
  ['bars', () => bars(['a'], [1], misspelt)],
  ['lines', () => lines([], misspelt)],
  ['heatmap', () => heatmap([[1]], misspelt)],
  ['histogram', () => histogram([1], misspelt)],
  ['tokenGrid', () => tokenGrid([[]], misspelt)],
  ['row', () => row([one], { ...misspelt } as object)],
  ['lossCurve', () => lossCurve({ ...misspelt } as object)],
  ['a curve', () => lines([{ name: 'l', y: [1], ...{ colour: 'exact' } }], titles)],
  [
    'a set of bars',
    () => bars(['a'], [{ name: 's', values: [1], ...{ colour: 'exact' } }], titles),
  ],
])('%s: an unknown option is refused by its name', (_, draw) => {
  expect(draw).toThrow(/^unknown .*colour.*; known are /);
});

test('a colour that the palette does not have is refused', () => {
  const color = 'red' as 'exact';
  expect(() => lines([{ name: 'l', y: [1], color }], titles)).toThrow(
    /color must be one of training, .*, got "red"/,
  );
  expect(() => bars(['a'], [1], { ...titles, color })).toThrow('color must be one of');
});
