/** The page of a sweep in a real browser, from its file, without any server. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../lib/course/notebooks/browser';
import { scratch } from '../../lib/course/notebooks/execute';
import { findBrowser } from '../../lib/course/setup/find-browser.mjs';
import { cache } from '../../lib/course/setup/paths.mjs';
import type { Point } from '../../lib/course/sweeps/collect';
import { sweepPage } from '../../lib/course/sweeps/page';

const pictures = join(cache, 'pictures');
// A range that is too short for the second point.
const layout = { title: { text: 'One' }, yaxis: { range: [0, 2] } };
const pointOf = (n: number): Point => ({
  values: { n },
  notebook: `x--n=${n}#.ipynb`,
  numbers: [
    { cell: 'curve', name: 'end', value: n / 3, unit: 'nats' },
    { cell: 'words', name: 'end', value: 'NaN', unit: '' },
  ],
  figures: {
    curve: { data: [{ name: 'line', y: [0, n] }, { name: 'twice', y: [0, 2 * n] }], layout,
      summary: `It rises to ${n}.` },
    words: { data: [{ x: [0, 1], y: [n, 3] }], summary: '',
      layout: { xaxis: { tickvals: [0, 1], ticktext: n === 1 ? ['for', 'to'] : ['to', 'to'] } } },
    map: { data: [{ z: [[n]] }], layout, summary: '' },
    bars: { data: [{ x: ['a', '</script>'], y: [n, 3] }], layout, summary: '<b>Highest: a.' },
  },
});
const points: Point[] = [pointOf(1), pointOf(2), { values: { n: 3 }, notebook: 'x.ipynb',
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
      [['line', [0, 1]], ['twice', [0, 2]]],
      [['line', [0, 2]], ['twice', [0, 4]]],
      [['line', [0, 3]], ['twice', [0, 6]]],
    ]);
    expect(await page.locator('.gtitle').allTextContents()).toEqual([
      'n 1',
      'n 2',
      'n 3 (failed later)',
    ]);
    await page.locator('#figure').selectOption('bars');
    await expect.poll(drawn).toEqual([[[undefined, [1, 3]]], [[undefined, [2, 3]]]]);
  });

  test('shows all of them in one figure', async () => {
    await page.locator('#figure').selectOption('curve');
    await page.locator('#overlay').check();
    await expect.poll(drawn).toEqual([
      ['n 1', 'n 2', 'n 3 (failed later)'].flatMap((name, i) => [
        [`line, ${name}`, [0, i + 1]],
        [`twice, ${name}`, [0, 2 * (i + 1)]],
      ]),
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
    await expect.poll(xs).toEqual([[['for', 'to'], ['to', 'to (1)']]]);
    await page.locator('#figure').selectOption('map');
    await expect.poll(async () => (await xs()).length).toBe(2);
    await page.locator('#figure').selectOption('curve');
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
