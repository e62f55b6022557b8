import { expect, test } from 'vitest';
import { bars } from '../../lib/plots/bars';
import { asSpec, type Figure, type Json, type Spec } from '../../lib/plots/figure';
import { heatmap } from '../../lib/plots/heatmap';
import { lines } from '../../lib/plots/lines';
import { show } from '../../lib/plots/show';
import { shownCurves } from '../../lib/plots/shown-curves';
import { row } from '../../lib/plots/side-by-side';
import { withSlider } from '../../lib/plots/slider';

const words = ['for', 'to', 'that'];
const titles = { xTitle: 'next word', yTitle: 'probability' };
const times = (factor: number): Figure =>
  bars(words, [0.1, 0.2 / 3, 0.05].map((value) => value * factor), { ...titles,
    title: `times ${factor}` });
const sliderOf = ({ layout }: Figure): Spec => asSpec((layout['sliders'] as Json[])[0]);
const stepsOf = (figure: Figure): Spec[] => sliderOf(figure)['steps'] as Spec[];

test('the first picture is that of the start, and says that there is a slider', () => {
  const figure = withSlider([1, 2, 4], times, { name: 'factor', unit: 'times', start: 2 });
  expect(figure.data[0]?.['y']).toEqual([0.2, 0.13333, 0.1]);
  expect(asSpec(figure.layout['title'])['text']).toBe('times 2');
  expect(sliderOf(figure)).toMatchObject({ active: 1, currentvalue: { prefix: 'factor: ' } });
  expect(figure.summary).toBe(
    'Highest: for 0.2, then to 0.133. A slider sets factor from 1 to 4 times; this is at 2 times.',
  );
  expect(JSON.parse(JSON.stringify(figure))).toEqual(figure);
});

test('a step holds what differs between the pictures, and nothing else', () => {
  const figure = withSlider([1, 2, 4], times, { name: 'factor' });
  expect(stepsOf(figure).map(({ label }) => label)).toEqual(['1', '2', '4']);
  expect(stepsOf(figure)[2]).toEqual({ method: 'update', label: '4',
    args: [{ name: ['times 4'], y: [[0.4, 0.26667, 0.2]] }, { 'title.text': 'times 4',
      height: figure.layout['height'] }, [0]] });
});

test('what one picture has and the others have not is taken back by a step', () => {
  const marked = (text: string): Figure => {
    const figure = times(1);
    return text === 'plain'
      ? figure
      : { ...figure, layout: { ...figure.layout, bargap: 0.5, annotations: [] } };
  };
  const steps = stepsOf(withSlider(['plain', 'with'], marked, { name: 'gap' }));
  expect((steps[0]!['args'] as Json[])[1]).toMatchObject({ bargap: 0.25, annotations: null });
});

test('all pictures have the scale of the largest, on a logarithmic axis too', () => {
  const axis = withSlider([1, 2, 4], times, { name: 'factor' }).layout['yaxis'] as Spec;
  const [from, to] = axis['range'] as [number, number];
  expect(from).toBe(0);
  expect(to).toBeGreaterThan(0.425); // room for the label
  expect(to).toBeLessThan(0.5);
  expect(axis).not.toHaveProperty('autorangeoptions');
  const curve = (power: number): Figure =>
    lines([{ name: 'a', y: [1, 10 ** power] }], { ...titles, logY: true });
  const log = withSlider([1, 3], curve, { name: 'power' }).layout['yaxis'] as Spec;
  expect(log['range']).toEqual([-0.15, 3.15]);
  const maps = withSlider(
    [1, 2],
    (n) =>
      heatmap([[0, n], [-n, 1]], { ...titles, rowLabels: ['a', 'b'], columnLabels: ['c', 'd'] }),
    { name: 'n' },
  );
  expect(maps.data[0]).toMatchObject({ zmin: -2, zmax: 2 });
});

test('a number that is not among the values is put in its place', () => {
  const labels = (start: number): Json[] =>
    stepsOf(withSlider([0.1, 1, 3], times, { name: 'factor', start })).map(({ label }) => label!);
  expect(labels(0.1 + 0.2)).toEqual(['0.1', '0.3', '1', '3']);
  expect(labels(5)).toEqual(['0.1', '1', '3', '5']);
  expect(labels(0.05)).toEqual(['0.05', '0.1', '1', '3']);
});

test('a single value needs no slider', () => {
  expect(withSlider([1], times, { name: 'factor' })).toEqual(times(1));
});

test.each<[string, () => unknown]>([
  [
    'values of a slider must be an integer of at least 1',
    () => withSlider([], times, { name: 'x' }),
  ],
  ['values of a slider must be different, got "1"', () => withSlider([1, 1], times, { name: 'x' })],
  [
    'start must be one of a, b, got "c"',
    () => withSlider(['a', 'b'], () => times(1), { name: 'x', start: 'c' as 'a' }),
  ],
  ['the traces at 2 must be bar, got "bar, bar"', () =>
    withSlider([1, 2], (n) => {
      const { data, ...rest } = times(n);
      return { ...rest, data: n === 2 ? [...data, ...data] : data };
    }, { name: 'x' })],
  [
    'a figure of a slider must be one without a slider',
    () => withSlider([1, 2], () => withSlider([1, 2], times, { name: 'y' }), { name: 'x' }),
  ],
  [
    'figures side by side must be without sliders',
    () => row([withSlider([1, 2], times, { name: 'x' })]),
  ],
  [
    'unknown option unitt (did you mean unit?)',
    () => withSlider([1, 2], times, { name: 'x', unitt: 'a' } as unknown as { name: string }),
  ],
])('refused: %s', (message, call) => {
  expect(call).toThrow(message);
});

test('it makes the figure higher by its own room, more where words may turn', () => {
  const heights = (labels: string[]): number[] => {
    const draw = (n: number): Figure => bars(labels, labels.map(() => n), titles);
    return [draw(1), withSlider([1, 2], draw, { name: 'n' })].map(({ layout }) =>
      Number(layout['height']) - Number(asSpec(layout['margin'])['b'])
    );
  };
  for (const labels of [words, words.map((word) => word.repeat(6))]) {
    const [before, after] = heights(labels);
    expect(after).toBe(before); // the plot keeps its height
  }
  const room = (labels: string[]): number =>
    Number(
      withSlider([1, 2], (n) => bars(labels, labels.map(() => n), titles), { name: 'n' })
        .layout['height'],
    );
  expect(room(words.map((word) => word.repeat(6)))).toBeGreaterThan(room(words) + 60);
});

test('curves of a figure with a slider are not those of a run', () => {
  const curve = (n: number): Figure =>
    lines([{ name: 'a', y: [1, n] }], { ...titles, title: 'with a slider' });
  const before = shownCurves().size;
  show(withSlider([1, 2], curve, { name: 'n' }));
  expect(shownCurves().size).toBe(before);
  show(curve(1));
  expect(shownCurves().size).toBe(before + 1);
});
