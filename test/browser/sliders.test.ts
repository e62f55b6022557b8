/** The sliders of the saved notebooks in a real browser, moved by the mouse, without a kernel. */
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../lib/course/notebooks/browser';
import { findNotebooks, isCode, readNotebook } from '../../lib/course/notebooks/notebook';
import { findBrowser } from '../../lib/course/setup/find-browser.mjs';
import { cache } from '../../lib/course/setup/paths.mjs';
import { PLOTLY } from '../../lib/plots/show';
import { drawn, moveTo, shown } from './move-slider';
import { sliderValues } from './slider-values';

const pictures = join(cache, 'pictures');

interface Saved {
  data: unknown[];
  layout: { sliders: { active: number; steps: { label: string }[] }[] };
}

const figures = new Map(
  findNotebooks().flatMap((file) =>
    readNotebook(file).cells.filter(isCode).flatMap(({ id, outputs }) =>
      outputs.flatMap((output) => {
        if (!('data' in output) || !(PLOTLY in output.data)) return [];
        const figure = output.data[PLOTLY] as Saved;
        const name = `${basename(file).slice(0, 4)} ${id}`;
        return 'sliders' in figure.layout ? [[name, figure] as const] : [];
      })
    )
  ),
);

test('at least eight figures have a slider, and each of them is tested here', () => {
  expect(figures.size).toBeGreaterThanOrEqual(8);
  expect([...figures.keys()].sort()).toEqual(Object.keys(sliderValues).sort());
});

// notebook.test.ts says so where there is no browser.
describe.skipIf(!findBrowser())('in a real browser', () => {
  const troubles: string[] = [];
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await launchBrowser();
    page = await browser.newPage();
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('request', (request) => troubles.push(request.url()));
    await page.setContent('<!doctype html><html><body style="margin:0"></body></html>');
    await page.addScriptTag({ path: require.resolve('plotly.js-dist') });
  });
  afterAll(() => browser.close());

  test.each([...figures])(
    '%s shows at each value what the library computes',
    async (name, saved) => {
      const [slider] = saved.layout.sliders;
      const labels = slider!.steps.map(({ label }) => label);
      await show(page, saved, 848);
      // the first picture too, and the start again at the end
      for (const at of [slider!.active, ...labels.keys(), slider!.active]) {
        await moveTo(plotIn(page), at, labels.length);
        await expect.poll(() => shown(plotIn(page))).toContain(
          `: ${labels[at]}`,
        );
        const { words, traces } = await drawn(plotIn(page));
        const expected = await sliderValues[name]!(labels[at]!, words);
        expect(traces.length).toBe(expected.length);
        traces.forEach((trace, t) => {
          const wanted = expected[t]!.map((value) => (Number.isNaN(value) ? null : value));
          expect(trace.map((value) => value === null), `${name} at ${labels[at]}`)
            .toEqual(wanted.map((value) => value === null));
          trace.forEach((value, i) =>
            expect(Math.abs((value ?? 0) - (wanted[i] ?? 0)), `${name} at ${labels[at]}`)
              .toBeLessThanOrEqual(2e-6 + 1e-4 * Math.abs(wanted[i] ?? 0))
          );
        });
      }
      await page.locator('.js-plotly-plot').screenshot({
        path: join(pictures, `slider-${name.replace(' ', '-')}.png`),
      });
    },
    120_000,
  );

  test.each([...figures])(
    '%s: the slider stands clear of all texts, in a wide and a narrow window',
    async (name, saved) => {
      const { steps } = saved.layout.sliders[0]!;
      for (const width of [848, 640, 420]) {
        await page.setViewportSize({ width, height: 900 });
        await show(page, saved, width);
        for (const at of [0, steps.length - 1]) {
          await moveTo(plotIn(page), at, steps.length);
          expect(await covered(page), `${name} at ${width}`).toEqual([]);
        }
      }
      await page.setViewportSize({ width: 1280, height: 900 });
    },
    60_000,
  );

  test('no page asked for anything, and none threw', () => {
    expect(troubles).toEqual([]);
  });
});

const plotIn = (page: Page): Locator => page.locator('.js-plotly-plot');

/** Draws a figure alone in the page, in a box of this width. */
async function show(page: Page, saved: Saved, width: number): Promise<void> {
  await page.evaluate(async ([figure, pixels]) => {
    const { data, layout } = JSON.parse(figure) as Saved;
    const box = document.createElement('div');
    box.style.width = `${pixels}px`;
    document.body.replaceChildren(box);
    const plotly = Reflect.get(globalThis, 'Plotly') as { newPlot(...all: unknown[]): unknown };
    await plotly.newPlot(box, data, layout, { responsive: true });
  }, [JSON.stringify(saved), width] as const);
}

/** Texts of the figure that the slider is drawn on, or that are outside the figure. */
function covered(page: Page): Promise<string[]> {
  return page.locator('.js-plotly-plot').evaluate(async (plot) => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const slider = plot.querySelector('.slider-group')!;
    const { top, bottom } = slider.getBoundingClientRect();
    const whole = plot.getBoundingClientRect();
    const texts = Array.from(plot.querySelectorAll('svg text')).filter((text) =>
      !slider.contains(text)
    );
    const on = texts.filter((text) => {
      const box = text.getBoundingClientRect();
      return box.width > 0 && box.bottom > top + 1 && box.top < bottom - 1;
    });
    return [
      ...on.map((text) => `on "${text.textContent}"`),
      ...(bottom > whole.bottom + 1 ? ['below the figure'] : []),
    ];
  });
}
