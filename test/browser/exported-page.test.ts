/** The page of an executed notebook in a real browser, from its file, without any network. */
import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../lib/course/notebooks/browser';
import { scratch } from '../../lib/course/setup/scratch';
import { findNotebooks, isCode, readNotebook } from '../../lib/course/notebooks/notebook';
import { writePage } from '../../lib/course/notebooks/page';
import { readParameters } from '../../lib/course/notebooks/read-parameters';
import { findBrowser } from '../../lib/course/setup/find-browser.mjs';
import { cache } from '../../lib/course/setup/paths.mjs';
import type { Figure } from '../../lib/plots/figure';
import { PLOTLY } from '../../lib/plots/show';
import { drawn, moveTo, shown } from './move-slider';
import { sliderValues } from './slider-values';

const pictures = join(cache, 'pictures');
// COURSE_PAGES=16 opens the pages of all notebooks.
const files = findNotebooks([process.env['COURSE_PAGES'] ?? '16.7']);

interface Slider {
  steps: { label: string }[];
}

interface Plot {
  data: { x?: unknown; y?: unknown; z?: unknown }[];
}
/** The numbers of a plot; the browser holds typed arrays as objects. */
const numbersOf = ({ data }: Plot): string => JSON.stringify(data.map(({ x, y, z }) => [x, y, z]));

// notebook.test.ts says so where there is no browser.
describe.skipIf(!findBrowser()).each(files)('the page of %s', (file) => {
  const folder = scratch('exported');
  const notebook = readNotebook(file);
  const { all } = readParameters(notebook);
  const [changed = ''] = Object.keys(all).filter((name) => typeof all[name]!.default === 'number');
  const plots = notebook.cells.filter(isCode).flatMap(({ outputs }) =>
    outputs.flatMap((output) => 'data' in output && PLOTLY in output.data ? [output.data] : [])
  );
  const troubles: string[] = [];
  let browser: Browser | undefined;
  let page: Page;
  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    const target = join(folder, basename(file));
    const path = await writePage(target, notebook, all, { [changed]: 987 });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.context().setOffline(true);
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(message.text());
    });
    const own = pathToFileURL(path).href;
    page.on('request', (request) => {
      if (request.url() !== own && !/^(data|blob):/.test(request.url()))
        troubles.push(request.url());
    });
    await page.goto(own);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test('draws every figure, each with the numbers of its cell and its sentence', async () => {
    expect(plots.length).toBeGreaterThanOrEqual(3);
    await expect.poll(() => page.locator('.js-plotly-plot svg.main-svg').count())
      .toBeGreaterThanOrEqual(plots.length);
    const drawn = await page.locator('.js-plotly-plot').evaluateAll((all) =>
      (all as unknown as Plot[]).map(({ data }) => ({
        data: data.map(({ x, y, z }) => ({ x, y, z })),
      }))
    );
    expect(drawn.map(numbersOf)).toEqual(plots.map((each) => numbersOf(each[PLOTLY] as Plot)));
    const words = await page.locator('.js-plotly-plot').evaluateAll((all) =>
      all.map((each) => each.getAttribute('aria-label'))
    );
    expect(words).toEqual(plots.map((each) => [each['text/plain']].flat().join('')));
    expect(await page.locator('.course-plot img').count()).toBe(0); // the still pictures
    await page.screenshot({ path: join(pictures, 'exported-page.png') });
  });

  test('its sliders move, and show what the library computes for each end', async () => {
    const number = basename(file).slice(0, 4);
    const cells = notebook.cells.filter(isCode).filter(({ outputs }) =>
      outputs.some((output) =>
        'data' in output && 'sliders' in ((output.data[PLOTLY] as Figure | undefined)?.layout ?? {})
      )
    );
    const slid = page.locator('.js-plotly-plot', { has: page.locator('.slider-group') });
    expect(await slid.count()).toBe(cells.length);
    for (const [i, { id, outputs }] of cells.entries()) {
      const [{ steps }] = outputs.flatMap((output) =>
        'data' in output
          ? (output.data[PLOTLY] as Figure).layout['sliders'] as unknown as Slider[]
          : []
      ) as [Slider];
      await slid.nth(i).scrollIntoViewIfNeeded();
      for (const at of [0, steps.length - 1]) {
        await moveTo(slid.nth(i), at, steps.length);
        const { label } = steps[at]!;
        await expect.poll(() => shown(slid.nth(i))).toContain(`: ${label}`);
        const { words, traces } = await drawn(slid.nth(i));
        const expected = await sliderValues[`${number} ${id}`]!(label, words);
        expect(traces).toHaveLength(expected.length);
        traces.forEach((trace, t) =>
          trace.forEach((value, n) => expect(value).toBeCloseTo(expected[t]![n]!, 4))
        );
      }
    }
  }, 120_000);

  test('has a table of the parameters, with the values of the run', async () => {
    const table = page.locator('table', { hasText: 'what to expect when it moves' });
    const lines = await table.locator('tr').allInnerTexts();
    const rows = lines.map((line) => line.split('\t').map((text) => text.trim()));
    expect(rows.slice(1)).toEqual(
      Object.entries(all).map(([name, { default: usual, about }]) => [
        name,
        name === changed ? '987' : JSON.stringify(usual),
        JSON.stringify(usual),
        expect.stringMatching(
          /^from |^one of |^true or false$|^each from|\d+ to \d+ words of the little language$/,
        ) as string,
        about,
      ]),
    );
    expect(await table.locator('strong').allTextContents()).toEqual(['987']);
  });

  test('asks no other host for anything, and reports no error', () => {
    expect(troubles).toEqual([]);
  });
});
