import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DISPLAY_SYMBOL } from '../../lib/base/kernel-symbols';
import { keptRuns } from '../../lib/base/kept-runs';
import { params } from '../../lib/base/params';
import { findNotebooks, isCode, readNotebook } from '../../lib/course/notebooks/notebook';
import { bars } from '../../lib/plots/bars';
import { compare } from '../../lib/plots/compare';
import { asSpec, asText, type Figure, type Spec } from '../../lib/plots/figure';
import { lines } from '../../lib/plots/lines';
import { PLOTLY, show } from '../../lib/plots/show';
import { rememberCurves, shownCurves } from '../../lib/plots/shown-curves';
import { row } from '../../lib/plots/side-by-side';

const folder = join(tmpdir(), `compare-${process.pid}`);
const said: string[] = [];
const drawn: Figure[] = [];

beforeEach(() => {
  vi.stubEnv('JPY_SESSION_NAME', 'notebooks/16.3-autoregressive-generation.ipynb');
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
  Reflect.set(process, DISPLAY_SYMBOL, {
    display: (data: Record<string, unknown>) =>
      drawn.push({ ...(data[PLOTLY] as Figure), summary: String(data['text/plain']) }),
  });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  Reflect.deleteProperty(process, DISPLAY_SYMBOL);
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const declared = { temperature: { default: 1, about: '' }, prompt: { default: 'The', about: '' } };
const titles = { xTitle: 'step', yTitle: 'loss' };
const drift = (slope: number): Figure =>
  lines([{ name: 'own words', y: [1, 1 + slope, 1 + 2 * slope] }, { name: 'true words',
    y: [1, 1, 1] }], { ...titles, title: `Drift of ${Math.round(10 * slope)} texts`,
    subtitle: `${slope} of this run`, references: [{ name: 'floor', value: 0.6 }] });

/** A run of a notebook of two figures, one of which does not depend on the parameter. */
function run(name: string, temperature: number): string {
  const p = params(declared);
  p.temperature = temperature;
  show(drift(temperature));
  show(lines([{ name: 'a', y: [2, 1] }], { ...titles, title: 'Always the same' }));
  show(bars(['a'], [temperature], titles));
  show(lines([{ name: 'a', y: [temperature] }], { xTitle: 'step', yTitle: 'milliseconds' }));
  said.length = drawn.length = 0;
  compare(name, folder);
  return said.join('\n');
}

const namesOf = ({ data }: Figure): string[] => data.map(({ name }) => asText(name));

test('the first run is kept, with its curves and its parameters, and nothing is drawn', () => {
  expect(run('cold', 0.5)).toMatch(/"cold" is kept in .*16\.3 cold\.json\nIt is the first\./);
  expect(drawn).toEqual([]);
  const { runs: [kept] } = keptRuns(folder);
  expect(kept).toMatchObject({ name: 'cold', parameters: { temperature: 0.5, prompt: 'The' } });
  const [curves] = Object.values(kept!.figures);
  expect(curves).toEqual([
    { name: 'own words', x: [0, 1, 2], y: [1, 1.5, 2] },
    { name: 'true words', x: [0, 1, 2], y: [1, 1, 1] },
    { name: 'floor', x: [0, 2], y: [0.6, 0.6] },
  ]);
});

test('a second run is drawn beside the first; the legend says what was changed', () => {
  run('cold', 0.5);
  expect(run('hot', 2)).toContain('The same in all runs: Always the same.');
  expect(drawn).toHaveLength(1);
  const [figure] = drawn;
  expect(namesOf(figure!)).toEqual([
    'own words, hot (temperature 2)',
    'true words',
    'floor',
    'own words, cold (temperature 0.5)',
  ]);
  expect(figure!.data.map(({ y }) => y)).toEqual([[1, 3, 5], [1, 1, 1], [0.6, 0.6], [1, 1.5, 2]]);
  const looks = figure!.data.map(({ line }) => JSON.stringify(line));
  expect(new Set(looks).size).toBe(looks.length);
  const own = drift(2).data;
  expect(figure!.data.slice(1, 3).map(({ line }) => line)).toEqual([
    own[1]!['line'],
    own[2]!['line'],
  ]);
  expect(asSpec(figure!.layout['title'])['text']).toBe('Drift of 20 texts');
  expect(figure!.summary).toMatch(
    /^2 runs: hot \(temperature 2\); cold \(temperature 0\.5\)\. own/,
  );
});

test('each run names what it has changed since the oldest', () => {
  vi.useFakeTimers();
  for (const [name, temperature] of [['cold', 0.5], ['again', 0.5], ['hot', 2]] as const) {
    vi.advanceTimersByTime(1);
    run(name, temperature);
  }
  vi.useRealTimers();
  expect(drawn[0]!.summary).toMatch(
    /^3 runs: hot \(temperature 2\); again; cold \(temperature 0\.5\)/,
  );
});

test('a run of the same name takes the place of the earlier one', () => {
  run('cold', 0.5);
  run('hot', 2);
  run('cold', 3);
  expect(namesOf(drawn[0]!)).toContain('own words, cold (temperature 3)');
  expect(drawn[0]!.data).toHaveLength(4);
  expect(readdirSync(folder).sort()).toEqual(['16.3 cold.json', '16.3 hot.json']);
});

test('runs of other notebooks are left alone, and those of a copy are of its notebook', () => {
  run('cold', 0.5);
  vi.stubEnv('JPY_SESSION_NAME', 'notebooks/16.7-decoding-strategies.ipynb');
  expect(run('hot', 2)).toContain('It is the first.');
  vi.stubEnv('JPY_SESSION_NAME', 'my-notebooks/16.3-autoregressive-generation (mine 1).ipynb');
  expect(run('mine', 2)).toContain('The same');
  vi.stubEnv('JPY_SESSION_NAME', '');
  expect(run('elsewhere', 2)).toMatch(/notebook elsewhere\.json\nIt is the first\./);
});

test('a damaged file is named and left out', () => {
  run('cold', 0.5);
  const whole = readFileSync(join(folder, '16.3 cold.json'), 'utf8');
  const files = { half: whole.slice(0, 100), number: whole.replace('1.5', '"x"'), list: '[]',
    other: '{"name":"x"}' };
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(folder, `16.3 ${name}.json`), text);
  const words = run('hot', 2);
  for (const name of Object.keys(files))
    expect(words).toContain(`16.3 ${name}.json is damaged, and left out`);
  expect(drawn).toHaveLength(1);
});

test('a name may hold any characters', () => {
  const name = 'a/b: "wide"? ../*';
  run(name, 1);
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^16\.3 [\w .%]+\.json$/)]);
  expect(keptRuns(folder).runs[0]?.name).toBe(name);
  expect(() => compare('x'.repeat(61), folder)).toThrow('name must be a text of at most 60');
  expect(() => compare(undefined as unknown as string, folder)).toThrow('name must be a text');
});

test('without a name, and where a program runs the notebook, nothing is read or written', () => {
  run('cold', 0.5);
  expect(run('', 2)).toMatch(/^Not kept, as this run has no name/);
  vi.stubEnv('COURSE_COMPARE', 'off');
  expect(run('hot', 2)).toMatch(/^Not kept: a program runs this notebook/);
  expect(drawn).toEqual([]);
  expect(readdirSync(folder)).toEqual(['16.3 cold.json']);
});

test('where nothing can be written, that is said, and the runs are drawn all the same', () => {
  run('cold', 0.5);
  mkdirSync(join(folder, '16.3 hot.json'));
  expect(run('hot', 2)).toMatch(/"hot" is not kept: .*could not be written/);
  expect(drawn).toHaveLength(1);
});

test('of many runs the latest are drawn, each in a look of its own', () => {
  vi.useFakeTimers();
  for (const n of [1, 2, 3, 4, 5, 6]) {
    vi.setSystemTime(n);
    run(`run ${n}`, n);
  }
  vi.useRealTimers();
  expect(said.join('\n')).toContain('Drawn are the latest 4 of 5 earlier runs.');
  const own = namesOf(drawn[0]!).filter((name) => name.startsWith('own'));
  expect(own.map((name) => name.slice(11, 16))).toEqual([
    'run 6',
    'run 5',
    'run 4',
    'run 3',
    'run 2',
  ]);
});

test('curves side by side keep their panels, and a name its look', () => {
  const both = (n: number): Figure => {
    const one = (title: string, m: number): Figure =>
      lines([{ name: 'own', y: [m, n] }], { ...titles, title });
    return row([one('novice', 1), one('model', 2)], { title: 'Two models' });
  };
  show(both(1));
  compare('one', folder);
  show(both(2));
  drawn.length = 0;
  compare('two', folder);
  const figure = drawn.find(({ layout }) => asSpec(layout['title'])['text'] === 'Two models')!;
  expect(figure.data.map(({ name, xaxis, showlegend }: Spec) => [name, xaxis, showlegend]))
    .toEqual([['own, two', 'x', true], ['own, two', 'x2', false], ['own, one', 'x', true], [
      'own, one',
      'x2',
      false,
    ]]);
  const [a, b, c] = figure.data.map(({ line }) => line);
  expect(a).toEqual(b);
  expect(a).not.toEqual(c);
});

test.each(findNotebooks([]).map((file) => [file.slice(file.lastIndexOf('16.')), file]))(
  'no two figures of curves in %s have one key',
  (_, file) => {
    const before = new Set(shownCurves().values());
    const figures = readNotebook(file).cells.filter(isCode).flatMap(({ outputs }) =>
      outputs.flatMap((output) =>
        'data' in output && PLOTLY in output.data ? [output.data[PLOTLY] as Figure] : []
      )
    );
    const curves = figures.filter(({ data, layout }) =>
      data.every(({ type }) => type === 'scatter') && !('sliders' in layout)
      && asSpec(layout['xaxis'])['visible'] !== false
      && !JSON.stringify(layout).includes('milliseconds')
    );
    figures.forEach(rememberCurves);
    const added = [...shownCurves().values()].filter((figure) => !before.has(figure));
    expect(added).toHaveLength(curves.length);
  },
);
