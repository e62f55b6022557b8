/** Panels side by side are stacked in a narrow page, live, and their slider still works. */
import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
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
import { type Panels, panelsOf } from './panel-places';
import { sliderValues } from './slider-values';

const pictures = join(cache, 'pictures');
const [file = ''] = findNotebooks(['16.5']);

// notebook.test.ts says so where there is no browser.
describe.skipIf(!findBrowser())('the panels of 16.5 on its page', () => {
  const folder = scratch('panels');
  const notebook = readNotebook(file);
  const figures = notebook.cells.filter(isCode).flatMap(({ id, outputs }) =>
    outputs.flatMap((output) =>
      'data' in output && PLOTLY in output.data
        ? [{ id, layout: (output.data[PLOTLY] as Figure).layout }]
        : []
    )
  );
  const rows = [...figures.keys()].filter((i) => 'xaxis2' in figures[i]!.layout);
  let browser: Browser | undefined;
  let page: Page;
  const plot = (i: number): Locator => page.locator('.js-plotly-plot').nth(i);
  const all = async (): Promise<Panels[]> => Promise.all(rows.map(async (i) => panelsOf(plot(i))));

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    const target = join(folder, basename(file));
    const path = await writePage(target, notebook, readParameters(notebook).all);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    await page.goto(pathToFileURL(path).href);
    await page.waitForFunction(
      (count) => document.querySelectorAll('.js-plotly-plot svg.main-svg').length >= count,
      figures.length,
    );
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test(
    'stand side by side at 1200 pixels, below each other at 360, and side by side again',
    async () => {
      expect(rows.length).toBeGreaterThanOrEqual(3);
      const wide = await all();
      for (const { places } of wide) {
        places.slice(1).forEach((place, i) => {
          expect(place.left).toBeGreaterThan(places[i]!.right);
          expect(place.top).toBeCloseTo(places[i]!.top, 0);
        });
      }
      await page.setViewportSize({ width: 360, height: 800 });
      await expect.poll(async () => (await all()).every(({ isStacked }) => isStacked)).toBe(true);
      const narrow = await all();
      narrow.forEach(({ places, width, height, covered }, r) => {
        const { id } = figures[rows[r]!]!;
        expect(covered, id).toEqual([]);
        places.forEach((place, i) => {
          expect(place.right - place.left, id).toBeGreaterThan(0.45 * width);
          expect(place.right, id).toBeLessThan(width);
          expect(place.bottom, id).toBeLessThan(height);
          expect(place.bottom - place.top, id).toBeGreaterThan(
            0.6 * (wide[r]!.places[i]!.bottom - wide[r]!.places[i]!.top),
          );
        });
      });
      for (const i of rows)
        await plot(i).screenshot({ path: join(pictures, `stacked-${figures[i]!.id}.png`) });
      await page.setViewportSize({ width: 1200, height: 900 });
      await expect.poll(async () => JSON.stringify(await all())).toBe(JSON.stringify(wide));
    },
    60_000,
  );

  test('keep the slider of the figure at work while stacked, and its place after it', async () => {
    await page.setViewportSize({ width: 360, height: 800 });
    const i = figures.findIndex(({ id }) => id === 'softmax-picture');
    await expect.poll(async () => (await panelsOf(plot(i))).isStacked).toBe(true);
    await plot(i).locator('.slider-grip-rect').scrollIntoViewIfNeeded();
    const { height } = await panelsOf(plot(i));
    const [{ steps }] = figures[i]!.layout['sliders'] as unknown as [{ steps: Spec[] }];
    for (const at of [steps.length - 1, 1]) {
      await moveTo(plot(i), at, steps.length);
      const { label } = steps[at]!;
      await expect.poll(() => shown(plot(i))).toContain(`: ${label}`);
      const { words, traces } = await drawn(plot(i));
      const expected = await sliderValues['16.5 softmax-picture']!(label, words);
      traces.forEach((trace, t) =>
        trace.forEach((value, n) => {
          const wanted = expected[t]![n]!;
          if (Number.isNaN(wanted)) expect(value).toBeNull();
          else expect(value).toBeCloseTo(wanted, 2);
        })
      );
      const now = await panelsOf(plot(i));
      expect([now.isStacked, now.height, now.covered]).toEqual([true, height, []]);
    }
    await page.setViewportSize({ width: 1200, height: 900 });
    await expect.poll(async () => (await panelsOf(plot(i))).isStacked).toBe(false);
    expect(await shown(plot(i))).toContain(`: ${steps[1]!.label}`);
    const { height: again } = await panelsOf(plot(i));
    await moveTo(plot(i), 2, steps.length);
    expect((await panelsOf(plot(i))).height).toBe(again);
  });
});

interface Spec {
  label: string;
}
