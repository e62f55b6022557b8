/** Every saved figure, drawn as exported pages and JupyterLab draw it, in windows of any width. */
import { basename } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fittingScript } from '../../lib/course/fitting/script.mjs';
import { launchBrowser } from '../../lib/course/notebooks/browser';
import { findNotebooks, isCode, readNotebook } from '../../lib/course/notebooks/notebook';
import { findBrowser } from '../../lib/course/setup/find-browser.mjs';
import { plotlyFile } from '../../lib/course/setup/nbconvert-template.mjs';
import { venv } from '../../lib/course/setup/paths.mjs';
import { PLOTLY } from '../../lib/plots/show';
import { textFaults } from './text-faults';

/** Pixels of a figure: in windows of 700 to 900 it has these, beside or without a side bar. */
const WIDTHS = [400, 580, 800];
const WIDE = 1200;

// notebook.test.ts says so where there is no browser.
describe.skipIf(!findBrowser())('the texts of all figures', () => {
  let browser: Browser | undefined;
  let page: Page;

  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: WIDE, height: 900 } });
    await page.setContent('<!doctype html><body style="margin: 0"></body>');
    await page.addScriptTag({ path: plotlyFile(venv) });
    await page.addScriptTag({ content: fittingScript });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
  });

  test.each(findNotebooks([]).map((file) => [basename(file), file]))(
    '%s: each can be read at every width, and all is as before in a wide window again',
    async (_, file) => {
      const figures = readNotebook(file).cells.filter(isCode).flatMap(({ id, outputs }) =>
        outputs.flatMap((output) =>
          'data' in output && PLOTLY in output.data ? [[id, output.data[PLOTLY]]] : []
        )
      );
      expect(figures.length).toBeGreaterThanOrEqual(3);
      await page.setViewportSize({ width: WIDE, height: 900 });
      await page.evaluate(drawAll, JSON.stringify(figures));
      await page.evaluate(untilQuiet);
      const wide = await page.evaluate(textPlaces);
      const faults: string[] = [];
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        await page.evaluate(untilQuiet);
        faults.push(...(await textFaults(page)).map((fault) => `${width} pixels: ${fault}`));
      }
      expect(faults).toEqual([]);
      await page.setViewportSize({ width: WIDE, height: 900 });
      await page.evaluate(untilQuiet);
      expect(moved(wide, await page.evaluate(textPlaces))).toEqual([]);
    },
    120_000,
  );
});

/** Draws the figures below each other. */
async function drawAll(json: string): Promise<void> {
  const plotly = Reflect.get(globalThis, 'Plotly') as {
    newPlot(at: HTMLElement, figure: unknown): Promise<unknown>;
  };
  document.body.replaceChildren();
  for (const [name, figure] of JSON.parse(json) as [string, object][]) {
    const place = document.createElement('div');
    place.dataset['name'] = name;
    document.body.append(place);
    await plotly.newPlot(place, figure);
  }
}

/** Waits until nothing in the page has changed for longer than Plotly waits after a resize. */
async function untilQuiet(): Promise<void> {
  let last = performance.now();
  const observer = new MutationObserver(() => (last = performance.now()));
  observer.observe(document.body, { childList: true, subtree: true, attributes: true });
  while (performance.now() - last < 200) await new Promise((done) => setTimeout(done, 30));
  observer.disconnect();
}

interface Place {
  text: string;
  left: number;
  top: number;
}

/** Each text with its place in its figure, in pixels; and how high each figure is. */
function textPlaces(): Place[] {
  return [...document.querySelectorAll('.js-plotly-plot')].flatMap((plot) => {
    const { left, top, height } = plot.getBoundingClientRect();
    const texts = [...plot.querySelectorAll('svg text')].map((text) => {
      const box = text.getBoundingClientRect();
      return { text: text.textContent, left: box.left - left, top: box.top - top };
    });
    return [{ text: plot.getAttribute('data-name')!, left: 0, top: height }, ...texts];
  });
}

/**
 * The texts that are not where they were, to two pixels, as Plotly rounds its margins; it draws a
 * colour scale that comes back later than before.
 */
const moved = (before: readonly Place[], after: readonly Place[]): string[] => [
  ...before.filter(({ text, left, top }) =>
    !after.some((now) =>
      now.text === text && Math.abs(now.left - left) <= 2 && Math.abs(now.top - top) <= 2
    )
  ).map(({ text, left, top }) => `"${text}" was at ${left}, ${top}`),
  ...(before.length === after.length ? [] : [`${before.length} texts, then ${after.length}`]),
];
