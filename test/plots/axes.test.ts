/** What axes promise in every figure: shares from 0 to 1 and readable ticks; coinciding curves. */
import { describe, expect, test } from 'vitest';
import { bars } from '../../lib/plots/bars';
import type { Figure, Spec } from '../../lib/plots/figure';
import { heatmap } from '../../lib/plots/heatmap';
import { lines } from '../../lib/plots/lines';
import { row } from '../../lib/plots/side-by-side';
import { withSlider } from '../../lib/plots/slider';

const titles = { xTitle: 'word', yTitle: 'probability' };
const axisOf = ({ layout }: Figure, name: string): Spec => layout[name] as Spec;
const labels = (figure: Figure): unknown => figure.data[0]!['texttemplate'];

describe('an axis of shares', () => {
  const small = [0.00001, 0.00002, 0];

  test('runs from 0 to 1, however small the shares are, or to a top that is asked for', () => {
    const [from, to] = axisOf(
      bars(['a', 'b', 'c'], small, { ...titles, percent: true }),
      'yaxis',
    )['range'] as number[];
    expect([from, Math.floor(to!)]).toEqual([0, 1]);
    const curve = lines([{ name: 'share', y: small }], { ...titles, percent: true });
    expect((axisOf(curve, 'yaxis')['range'] as number[]).map(Math.round)).toEqual([-0, 1]);
    const near = lines([{ name: 'share', y: small }], { ...titles, percent: true, top: 0.1 });
    expect((axisOf(near, 'yaxis')['range'] as number[])[1]).toBeCloseTo(0.102, 6);
  });

  test('runs from 0 to 1 in percent along x, too, if that is asked for', () => {
    const along = (options: { percentX?: boolean }) =>
      axisOf(
        lines([{ name: 'a', x: [0.1, 0.5], y: [1, 0.9] }], { ...titles, ...options }),
        'xaxis',
      );
    expect((along({ percentX: true })['range'] as number[]).map(Math.round)).toEqual([-0, 1]);
    expect(along({ percentX: true })['tickformat']).toBe('.0%');
    expect(along({})).not.toHaveProperty('range');
  });

  test('is left alone where a value is no share', () => {
    const growth = bars(['a', 'b'], [0.5, 1.7], { ...titles, percent: true });
    expect(axisOf(growth, 'yaxis')).not.toHaveProperty('range');
    const change = lines([{ name: 'change', y: [-0.2, 0.4] }], { ...titles, percent: true });
    expect(axisOf(change, 'yaxis')).not.toHaveProperty('range');
  });
});

test('a number that is small beside the others is said to be small, and 0 only if it is 0', () => {
  expect(labels(bars(['a', 'b', 'c'], [0.7, 0.0001, 0], { ...titles, percent: true })))
    .toEqual(['%{y:.0%}', '&lt;1%', '%{y:.0%}']);
  expect(labels(bars(['a', 'b'], [1.7, 0.0000935], titles))).toEqual(['%{y:.3~g}', '&lt;0.001']);
  expect(labels(bars(['a', 'b'], [0.0003, 0.0005], titles))).toBe('%{y:.3~g}');
});

describe('a logarithmic axis', () => {
  const over = (x: number[]): Spec =>
    axisOf(lines([{ name: 'loss', y: x.map(() => 1), x }], { ...titles, logX: true }), 'xaxis');

  test('has ticks that are whole numbers to read, two or more, inside the curves', () => {
    expect(over([80, 3200])['ticktext']).toEqual(['100', '200', '500', '1,000', '2,000']);
    expect(over([13, 280])['ticktext']).toEqual(['20', '50', '100', '200']);
    expect(over([1.9, 3.6])['ticktext']).toEqual(['2', '3']);
    expect(over([8, 3200])['ticktext']).toEqual(['10', '30', '100', '300', '1,000', '3,000']);
    expect(over([1e-6, 1])['ticktext']).toEqual([
      '0.000001',
      '0.00001',
      '0.0001',
      '0.001',
      '0.01',
      '0.1',
      '1',
    ]);
    expect(over([0, -3])).toMatchObject({ type: 'log' });
  });

  test('still shares its scale beside another one, and under a slider', () => {
    const one = (y: number[]): Figure => lines([{ name: 'a', y }], { ...titles, logY: true });
    expect(row([one([1, 10]), one([5, 500])]).layout['yaxis2']).toMatchObject({ matches: 'y' });
    const slid = withSlider([1, 100], (n) => one([n, 10 * n]), { name: 'n' });
    expect(axisOf(slid, 'yaxis')['range']).toEqual([-0.15, 3.15]);
  });
});

test('of two curves that coincide the one below is wide, so that it is seen', () => {
  const y = Array.from({ length: 20 }, (_, i) => 4 / (i + 1));
  const width = (figure: Figure): unknown[] =>
    figure.data.map(({ line }) => (line as Spec)['width']);
  const other = y.map((value) => value + 0.01);
  const away = y.map((value) => value + 1);
  const named = (...all: number[][]): Figure =>
    lines(all.map((values, i) => ({ name: String(i), y: values })), titles);
  expect(width(named(y, other, away))).toEqual([6, 2, 2]);
  expect(width(named(y, away))).toEqual([2, 2]);
});

test('masked cells are empty, and a 0 below the diagonal is not', () => {
  const names = ['a', 'b', 'c'];
  const weights = [[1, 0, 0], [0, 1, 0], [0.5, 0.2, 0.3]];
  const figure = heatmap(weights, { ...titles, rowLabels: names, columnLabels: names,
    causal: true });
  expect(figure.data[0]!['z']).toEqual([[1, null, null], [0, 1, null], [0.5, 0.2, 0.3]]);
  expect(figure.summary).toContain('3 of 9 cells are hidden.');
});

test('large numbers at ticks have digits of one size', () => {
  const axisFor = (y: number[]): Spec => axisOf(lines([{ name: 'kept', y }], titles), 'yaxis');
  expect(axisFor([0, 19_400])).toMatchObject({ exponentformat: 'none', separatethousands: true });
  expect(axisFor([0, 0.0003])).toMatchObject({ exponentformat: 'power' });
});
