/** The page of a sweep in a real browser, from its file, without any server. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../lib/course/notebooks/browser';
import { scratch } from '../../lib/course/setup/scratch';
import { findBrowser } from '../../lib/course/setup/find-browser.mjs';
import { cache } from '../../lib/course/setup/paths.mjs';
import type { Point } from '../../lib/course/sweeps/collect';
import { sweepPage } from '../../lib/course/sweeps/page';

const pictures = join(cache, 'pictures');
// A range that is too short for the second point.
const layout = { title: { text: 'One' }, yaxis: { range: [0, 2] } };
const pointOf = (n: number): Point => ({
  values: { n, steps: 20 },
  notebook: `x--n=${n}#.ipynb`,
  numbers: [
    { cell: 'curve', name: 'end', value: n / 3, unit: 'nats' },
    { cell: 'words', name: 'end', value: 'NaN', unit: '' },
  ],
  figures: {
    curve: { data: [{ name: 'line', y: [0, n] }, { name: 'twice', y: [0, 2 * n] }, {
      name: 'floor',
      y: [1, 1],
    }], layout, summary: `It rises to ${n}.` },
    moving: { data: [{ y: [n, 0] }], summary: '', layout: { title: { text: 'At 0' }, sliders: [{
      steps: [0, 1].map((at) => ({ label: `${at}`, method: 'update',
        args: [{ y: [[n, at]] }, { 'title.text': `At ${at}` }] })
      ),
    }] } },
    words: { data: [{ x: [0, 1], y: [n, 3] }], summary: '',
      layout: { xaxis: { tickvals: [0, 1], ticktext: n === 1 ? ['for', 'to'] : ['to', 'to'] } } },
    map: { data: [{ z: [[n]] }], layout, summary: '' },
    log: { data: [{ x: [100, 1000], y: [n, 3] }], summary: '', layout: {
      xaxis: { type: 'log', tickmode: 'array', tickvals: n === 1 ? [100, 1000] : [1000],
        ticktext: n === 1 ? ['100', '1,000'] : ['1,000'] },
      shapes: [{ type: 'line', x0: n, x1: n, y0: 0, y1: 1 }],
    } },
    marked: { data: [{ y: [5, 6] }], summary: '',
      layout: { shapes: [{ type: 'line', x0: n, x1: n, y0: 0, y1: 1 }] } },
    same: { data: [{ y: [5, 6] }], layout: {}, summary: '' },
    bars: { data: [{ x: ['a', '</script>'], y: [n, 3] }], layout, summary: '<b>Highest: a.' },
  },
});
const points: Point[] = [pointOf(1), pointOf(2), { values: { n: 3, steps: 20 }, notebook: 'x.ipynb',
  failure: 'cell bad: Error: no', figures: { curve: pointOf(3).figures['curve']! }, numbers: [] }];

// notebook.test.ts says so where there is no browser.
describe.skipIf(!findBrowser())('the page of a sweep', () => {
  const folder = scratch('sweep-page');
  const troubles: string[] = [];
  let browser: Browser | undefined;
  let page: Page;
  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    writeFileSync(join(folder, 'sweep.html'), sweepPage('A <sweep>', points));
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:') && !request.url().startsWith('data:'))
        troubles.push(request.url());
    });
    await page.goto(pathToFileURL(join(folder, 'sweep.html')).href);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** The data that plotly has drawn, figure by figure. */
  const drawn = () =>
    page.locator('.js-plotly-plot').evaluateAll((plots) =>
      (plots as unknown as { data: { name?: string; y: number[] }[] }[]).map(({ data }) =>
        data.map(({ name, y }) => [name, y])
      )
    );

  test('shows the same figure for all points side by side, with the data of each', async () => {
    expect(await page.locator('h1').textContent()).toBe('A <sweep>');
    await expect.poll(drawn).toEqual([
      [['line', [0, 1]], ['twice', [0, 2]], ['floor', [1, 1]]],
      [['line', [0, 2]], ['twice', [0, 4]], ['floor', [1, 1]]],
      [['line', [0, 3]], ['twice', [0, 6]], ['floor', [1, 1]]],
    ]);
    const names = ['n 1', 'n 2', 'n 3 (failed later)'];
    expect(await page.locator('figcaption').allTextContents()).toEqual(names);
    expect(await page.locator('.gtitle').allTextContents()).toEqual(['One', 'One', 'One']);
    expect(await page.locator('#common').textContent()).toBe('In all points: steps 20');
    await page.locator('#figure').selectOption('bars');
    await expect.poll(drawn).toEqual([[[undefined, [1, 3]]], [[undefined, [2, 3]]]]);
  });

  test('shows all of them in one figure', async () => {
    await page.locator('#figure').selectOption('curve');
    await page.locator('#overlay').check();
    const names = ['n 1', 'n 2', 'n 3 (failed later)'];
    await expect.poll(drawn).toEqual([[
      ...names.flatMap((name, i) => [
        [`line, ${name}`, [0, i + 1]],
        [`twice, ${name}`, [0, 2 * (i + 1)]],
        ...(i === 0 ? [['floor (all points)', [1, 1]]] : []), // once, as it is the same in all
      ]),
      ...[...names, 'line', 'twice'].map((name) => [name, [null]]), // the legend
    ]]);
    const looks = await page.locator('.js-plotly-plot').evaluate((plot) =>
      (plot as unknown as { data: { line: { color: string; dash: string } }[] }).data.map(
        ({ line }) => [line.color, line.dash],
      )
    );
    const [line1, twice1, floor, line2, twice2, line3, twice3] = looks;
    const colors = [line1, line2, line3].map((look) => look![0]);
    expect(new Set([...colors, floor![0]]).size).toBe(4);
    expect([twice1, twice2, twice3].map((look) => look![0])).toEqual(colors);
    for (const look of [line1, line2, line3]) expect(look![1]).toBe('solid');
    for (const look of [twice1, twice2, twice3]) expect(look![1]).toBe('dot');
    expect(await page.locator('.legendtext').allTextContents()).toEqual([
      'floor (all points)',
      ...names,
      'line',
      'twice',
    ]);
    const reach = await page.locator('.js-plotly-plot').evaluate((plot) =>
      (plot as unknown as { layout: { yaxis: { range: number[] } } }).layout.yaxis.range[1]
    );
    expect(reach).toBeGreaterThan(4);
    await page.screenshot({ path: join(pictures, 'sweep-page.png'), fullPage: true });
  });

  test('keeps each number under its word, and heatmaps side by side', async () => {
    const xs = () =>
      page.locator('.js-plotly-plot').evaluateAll((plots) =>
        (plots as unknown as { data: { x?: unknown[] }[] }[]).map(({ data }) =>
          data.map(({ x }) => x)
        )
      );
    await page.locator('#figure').selectOption('words');
    await expect.poll(xs).toEqual([[['for', 'to'], ['to', 'to (1)'], [null], [null]]]);
    await page.locator('#figure').selectOption('log');
    await expect.poll(xs).toEqual([[[100, 1000], [100, 1000], [null], [null]]]);
    const ofLog = await page.locator('.js-plotly-plot').evaluate((plot) => {
      const { xaxis, shapes } = (plot as unknown as { layout: Record<string, unknown> }).layout;
      return { type: (xaxis as { type: string }).type, shapes };
    });
    expect(ofLog).toEqual({ type: 'log' }); // the lines at the results are each point's own
    await page.locator('#figure').selectOption('map');
    await expect.poll(async () => (await xs()).length).toBe(2);
    await page.locator('#figure').selectOption('curve');
  });

  test('names the point beside a figure whose slider was moved', async () => {
    await page.locator('#overlay').uncheck();
    await page.locator('#figure').selectOption('moving');
    const [first] = await page.locator('.js-plotly-plot').all();
    await first!.evaluate((plot) => {
      const { Plotly } = window as unknown as { Plotly: { update: (...args: unknown[]) => void } };
      Plotly.update(plot, { y: [[1, 1]] }, { 'title.text': 'At 1' });
    });
    await expect.poll(() => page.locator('.gtitle').first().textContent()).toBe('At 1');
    expect(await page.locator('figcaption').allTextContents()).toEqual(['n 1', 'n 2']);
    await page.locator('#figure').selectOption('curve');
  });

  test.each([420, 640, 1280])('fits a window of %i pixels', async (width) => {
    await page.setViewportSize({ width, height: 900 });
    const reach = (): Promise<number> =>
      page.evaluate(() =>
        Math.max(
          document.documentElement.scrollWidth,
          ...[...document.querySelectorAll('.js-plotly-plot')].map((plot) =>
            plot.getBoundingClientRect().right
          ),
        )
      );
    await expect.poll(reach).toBeLessThanOrEqual(width);
  });

  test('lists first the figures that differ, also those in which a line differs', async () => {
    const names = await page.locator('#figure option').allTextContents();
    expect(names.at(-1)).toBe('same (the same in all points)');
    expect(names.filter((name) => name.includes('(the same'))).toHaveLength(1);
  });

  test('lists the points, what they show, and their notebooks', async () => {
    const rows = await page.locator('#points tr').allInnerTexts();
    expect(rows.slice(1).map((row) => row.split('\t'))).toEqual([
      ['n 1', 'It rises to 1.', 'x--n=1#.ipynb'],
      ['n 2', 'It rises to 2.', 'x--n=2#.ipynb'],
      ['n 3', 'failed: cell bad: Error: no\nIt rises to 3.', 'x.ipynb'],
    ]);
    expect(await page.locator('#points a').first().getAttribute('href')).toBe(
      'x--n%3D1%23.ipynb',
    );
  });

  test('lists the recorded numbers of each point, a repeated name for each cell', async () => {
    const rows = await page.locator('#numbers tr').allInnerTexts();
    expect(rows.map((row) => row.split('\t'))).toEqual([
      ['point', 'end', 'end (2)'],
      ['n 1', '0.3333 nats', 'NaN'],
      ['n 2', '0.6667 nats', 'NaN'],
      ['n 3 (failed later)', '', ''],
    ]);
    const exact = page.locator('#numbers td').nth(1);
    expect(await exact.getAttribute('title')).toBe(`${1 / 3}, cell curve`);
  });

  test('needs no network, and throws nothing', () => {
    expect(troubles).toEqual([]);
  });
});
