import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../lib/course/notebooks/browser';
import { findBrowser } from '../../lib/course/setup/find-browser.mjs';
import { bars } from '../../lib/plots/bars';
import { lines } from '../../lib/plots/lines';

const names = ['correct', 'right side', 'no mask', 'no shift', 'mask once'];
const titles = { title: 'Drawn texts that are still equal to those drawn alone',
  xTitle: 'new tokens', yTitle: 'share' };
const figures = {
  lines: lines(names.map((name, i) => ({ name, y: [1, i, 2] })), titles),
  bars: bars(['a', 'b'], names.map((name, i) => ({ name, values: [1, i] })), { ...titles,
    height: 300 }),
};

// Skipped where no Chromium is found; test/browser fails there in CI.
describe.skipIf(!findBrowser())('a legend in a real browser', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
    await page.addScriptTag({ path: require.resolve('plotly.js-dist') });
  });
  afterAll(() => browser.close());

  // Widths of an output in a window of 1280 pixels and of 1000, the file browser open: one row of
  // names, and two.
  test.each([['lines', 850], ['lines', 570], ['bars', 850], ['bars', 570]] as const)(
    'of %s is below the title and above the plot, %i pixels wide',
    async (kind, width) => {
      const [title, legend, plot] = await page.evaluate(async ([json, pixels]) => {
        const figure = JSON.parse(json) as { data: unknown; layout: unknown };
        const place = document.createElement('div');
        place.style.width = `${pixels}px`;
        document.body.append(place);
        const plotly = Reflect.get(globalThis, 'Plotly') as {
          newPlot(at: HTMLElement, data: unknown, layout: unknown): Promise<unknown>;
        };
        await plotly.newPlot(place, figure.data, figure.layout);
        const boxes = ['.gtitle', '.legend', '.nsewdrag'].map((part) => {
          const found = place.querySelector(part);
          if (!found) throw new Error(`no element ${part} was drawn`);
          const { top, bottom } = found.getBoundingClientRect();
          return { top, bottom };
        });
        place.remove();
        return boxes;
      }, [JSON.stringify(figures[kind]), width] as const) as [Box, Box, Box];
      expect(legend.top).toBeGreaterThanOrEqual(title.bottom);
      expect(plot.top).toBeGreaterThanOrEqual(legend.bottom);
    },
  );
});

/** From where to where, in pixels from the top of the page. */
interface Box {
  top: number;
  bottom: number;
}
