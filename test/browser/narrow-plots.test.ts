/** A single plot keeps its height and its title in a narrow window, and its mode bar beside it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../lib/course/notebooks/browser';
import { fittingScript } from '../../lib/course/fitting/script.mjs';
import { findBrowser } from '../../lib/course/setup/find-browser.mjs';
import { plotlyFile } from '../../lib/course/setup/nbconvert-template.mjs';
import { cache, venv } from '../../lib/course/setup/paths.mjs';
import { bars } from '../../lib/plots/bars';
import type { Figure } from '../../lib/plots/figure';
import { lines } from '../../lib/plots/lines';
import { bundle, PLOTLY } from '../../lib/plots/show';
import { row } from '../../lib/plots/side-by-side';
import { withSlider } from '../../lib/plots/slider';
import { moveTo } from './move-slider';
import { panelsOf } from './panel-places';

const pictures = join(cache, 'pictures');
const TITLE = 'Share of each input in the gradient of each loss, over all positions of the text';
const axes = { xTitle: 'bits of a number in the cache', yTitle: 'difference of logits' };
const series = (name: string) => ({ name, y: [4.6, 0.9, 0.04, 0.0002] });
const words = ['one pass\nover all', 'without\ncache', 'with\ncache', 'with\ncache\n16 rows'];

const FIGURES: Record<string, Figure> = {
  'one curve': lines([series('largest error')], { ...axes, title: TITLE }),
  'curves with a legend and a smaller line': lines([series('uncached'), series('cached')], {
    ...axes,
    title: TITLE,
    subtitle: '200 steps: the last loss is 0.727, the entropy floor 0.666.',
  }),
  'a title beside the mode bar': bars(words, [6, 5, 4, 3], {
    ...axes,
    title: 'Bits of a number in the cache of a model',
  }),
  'a slider that sets the title': withSlider(
    [2, 4],
    (bits) => lines([series('largest error')], { ...axes, title: `${TITLE}, at ${bits} bits` }),
    {
      name: 'bits',
      start: 4,
    },
  ),
  'two panels': row([
    bars(words, [6, 5, 4, 3], { ...axes, title: 'MiB, at least' }),
    bars(words, [157, 160, 0.5, 2], { ...axes, title: 'FLOPs per byte' }),
  ], { title: TITLE }),
};

/** What is drawn, in pixels from the plot's upper left corner. */
interface Drawn {
  /** Of the box that the page reserves, and of the picture in it. */
  heights: number[];
  width: number;
  titleEnds: number;
  titleLines: number;
  /** Whether the mode bar lies on the title. */
  isCovered: boolean;
  isLegendBelowTitle: boolean;
  turned: number;
}

describe.skipIf(!findBrowser())('a plot as the extension of JupyterLab draws it', () => {
  let browser: Browser | undefined;
  let page: Page;

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });

  /** It draws where the saved picture is, hides that, and fits the plot to its window. */
  async function draw(figure: Figure): Promise<void> {
    page = await browser!.newPage({ viewport: { width: 1280, height: 900 } });
    await page.setContent(
      '<!doctype html><div id="plot"><img style="display: block; height: 360px"></div>',
    );
    await page.addScriptTag({ path: plotlyFile(venv) });
    await page.addScriptTag({ content: fittingScript });
    await page.evaluate(async ([{ data, layout, config }]) => {
      const { Plotly } = window as unknown as { Plotly: PlotlyHere };
      const plot = document.getElementById('plot')!;
      await Plotly.react(plot, data, layout, config);
      plot.querySelector('img')!.style.display = 'none';
      await Plotly.redraw(plot);
      await Plotly.Plots.resize(plot);
    }, [bundle(figure)[PLOTLY] as { data: object; layout: object; config: object }] as const);
  }

  const drawn = (): Promise<Drawn> =>
    page.locator('#plot').evaluate(async (plot) => {
      await new Promise((done) => setTimeout(done, 400)); // Plotly waits 100 ms with a resize
      const whole = plot.getBoundingClientRect();
      const boxes = (selector: string): DOMRect[] =>
        [...plot.querySelectorAll(selector)].map((each) => each.getBoundingClientRect());
      const [title] = boxes('.gtitle');
      const [legend] = boxes('.legend');
      const covers = boxes('.modebar-btn').filter((one) =>
        one.left < title!.right && one.top < title!.bottom
      );
      return {
        heights: [whole.height, boxes('.svg-container')[0]!.height],
        width: whole.width,
        titleEnds: title!.right - whole.left,
        titleLines: Math.max(1, plot.querySelectorAll('.gtitle tspan.line').length),
        isCovered: covers.length > 0,
        isLegendBelowTitle: !legend || legend.top >= title!.bottom - 2,
        turned: [...plot.querySelectorAll('.xtick text')].filter((text) =>
          /rotate\((?!0)/.test(text.getAttribute('transform') ?? '')
        ).length,
      };
    });

  test.each(Object.keys(FIGURES))('%s: has its height and title at every width', async (name) => {
    const figure = FIGURES[name]!;
    await draw(figure);
    try {
      const wide = await drawn();
      expect(wide.heights[0]).toBe(figure.layout['height']);
      for (const width of [780, 516, 420, 780, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        const now = await drawn();
        const where = `${name} at ${width}`;
        expect(now.heights[0], where).toBeGreaterThanOrEqual(wide.heights[0]!);
        expect(now.heights[1], where).toBeCloseTo(now.heights[0]!, 0);
        const { covered } = await panelsOf(page.locator('#plot'));
        expect(now.titleEnds, where).toBeLessThan(now.width);
        expect([now.isCovered, now.isLegendBelowTitle, covered], where).toEqual([false, true, []]);
        expect(now.turned, where).toBe(0);
        if (width === 1280) expect(now).toEqual(wide);
        await page.locator('#plot').screenshot({
          path: join(pictures, `narrow-${name.replaceAll(' ', '-')}-${width}.png`),
        });
      }
    } finally {
      await page.close();
    }
  });

  test(
    'is as wide as paper when the page is printed, and as wide as the window after it',
    async () => {
      await draw(FIGURES['two panels']!);
      const plot = page.locator('#plot');
      try {
        const wide = await drawn();
        // Chromium prints once the listeners and their microtasks have run.
        const printed = await page.evaluate(async () => {
          window.dispatchEvent(new Event('beforeprint'));
          for (let turn = 0; turn < 100; turn++) await Promise.resolve();
          return document.querySelector('#plot .main-svg')!.getBoundingClientRect().width;
        });
        expect(printed).toBeLessThanOrEqual(600);
        expect((await panelsOf(plot)).isStacked).toBe(true);
        await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
        expect(await drawn()).toEqual(wide);
        expect((await panelsOf(plot)).isStacked).toBe(false);
      } finally {
        await page.close();
      }
    },
    60_000,
  );

  test('a step of a slider sets a title in as many lines as the window needs', async () => {
    await draw(FIGURES['a slider that sets the title']!);
    const plot = page.locator('#plot');
    const title = (): Promise<string> => plot.locator('.gtitle').innerHTML();
    try {
      await page.setViewportSize({ width: 420, height: 900 });
      await expect.poll(async () => (await drawn()).titleLines).toBe(2);
      await moveTo(plot, 0, 2);
      await expect.poll(title).toContain('at 2 bits');
      expect((await drawn()).titleLines).toBe(2);
      await page.setViewportSize({ width: 1280, height: 900 });
      await expect.poll(async () => (await drawn()).titleLines).toBe(1);
      expect(await title()).toContain(`${TITLE}, at 2 bits`);
    } finally {
      await page.close();
    }
  });
});

interface PlotlyHere {
  react(plot: Element, data: object, layout: object, config: object): Promise<void>;
  redraw(plot: Element): Promise<void>;
  Plots: { resize(plot: Element): Promise<void> };
}
