import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../lib/course/notebooks/browser';
import { findNotebooks, isCode, readNotebook } from '../../lib/course/notebooks/notebook';
import { findBrowser } from '../../lib/course/setup/find-browser.mjs';
import { bars } from '../../lib/plots/bars';
import { lines } from '../../lib/plots/lines';
import { linesAsSvg } from '../../lib/plots/lines-as-svg';
import { PLOTLY } from '../../lib/plots/show';
import { row } from '../../lib/plots/side-by-side';
import { tokenGrid } from '../../lib/plots/token-grid';

const titles = { xTitle: 'x', yTitle: 'y', percent: true };
const some = (count: number) =>
  bars(
    Array.from({ length: count }, (_, i) => `w${i}`),
    new Array<number>(count).fill(0.123),
    titles,
  );

test('the values at narrow bars are turned, and left out where even that does not fit', () => {
  expect(some(6).data[0]).toMatchObject({ textangle: 0, constraintext: 'none' });
  const [turned] = row([some(6), some(6), some(6), some(6)]).data;
  expect(turned).toMatchObject({ textangle: -90, constraintext: 'none', textfont: { size: 12 } });
  const [without] = row([some(20), some(20), some(20), some(20)]).data;
  expect(without).not.toHaveProperty('texttemplate');
});

test('a long word in a narrow cell is broken into lines, and whole on hover', () => {
  const cells = ['Summarize', ...new Array<string>(14).fill('the')];
  const { data } = tokenGrid([cells.map((text) => ({ text, kind: 'prompt' as const }))], {
    rowLabels: ['a'],
    xTitle: 'x',
  });
  expect(data[0]).toMatchObject({ insidetextfont: { size: 10 } });
  expect((data[0]!['text'] as string[])[0]).toBe('Summa-<br>rize');
  expect((data[0]!['customdata'] as string[])[0]).toBe('Summarize: prompt, a, position 0');
});

test('the legend of a plot that changes has as many rows as its names need', () => {
  const names = ['training', 'a', 'a rather long name of a curve', 'b', 'c', 'd', 'e', 'f'];
  const svg = linesAsSvg(
    lines(names.map((name) => ({ name, y: [1, 2] })), { ...titles, title: 't' }),
  );
  const places = names.map((name) => {
    const [, x, y] = new RegExp(`<text x="([\\d.]+)" y="([\\d.]+)" >${name}</text>`).exec(svg)!;
    return { from: Number(x) - 30, to: Number(x) + 6.5 * name.length, y: Number(y) };
  });
  for (const [i, { from, to, y }] of places.entries()) {
    expect(to).toBeLessThanOrEqual(760);
    const before = places[i - 1];
    if (before && before.y === y) expect(from).toBeGreaterThanOrEqual(before.to);
  }
  // the plot begins below the last row
  const [, plotTop] = /<path d="M60 ([\d.]+)V[\d.]+H730"/.exec(svg)!;
  expect(Number(plotTop)).toBeGreaterThan(Math.max(...places.map(({ y }) => y)));
});

// Skipped where no Chromium is found; test/browser fails there in CI.
describe.skipIf(!findBrowser())('the saved figures in a real browser', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
    await page.addScriptTag({ path: require.resolve('plotly.js-dist') });
  });
  afterAll(() => browser.close());

  test.each(findNotebooks([]).map((file) => [file.slice(file.lastIndexOf('16.')), file]))(
    '%s has no text below 10 pixels, and no two labels of bars on each other',
    async (_, file) => {
      const figures = readNotebook(file).cells.filter(isCode).flatMap(({ id, outputs }) =>
        outputs.flatMap((output) =>
          'data' in output && PLOTLY in output.data ? [[id, output.data[PLOTLY]]] : []
        )
      );
      expect(figures.length).toBeGreaterThanOrEqual(3); // 16.9 has the fewest
      expect(await page.evaluate(unreadable, JSON.stringify(figures))).toEqual([]);
    },
    120_000,
  );
});

/** Runs in the page: draws each figure as wide as its saved picture. */
async function unreadable(json: string): Promise<string[]> {
  const plotly = Reflect.get(globalThis, 'Plotly') as {
    newPlot(at: HTMLElement, data: unknown, layout: unknown): Promise<unknown>;
  };
  const found: string[] = [];
  for (
    const [cell, figure] of JSON.parse(json) as [string, { data: unknown; layout: object }][]
  ) {
    const place = document.createElement('div');
    document.body.append(place);
    await plotly.newPlot(place, figure.data, { ...figure.layout, width: 760 });
    let labels: DOMRect[] = [];
    for (const text of Array.from(place.querySelectorAll<SVGTextElement>('svg text'))) {
      const box = text.getBoundingClientRect();
      const matrix = text.getScreenCTM();
      if (!matrix || box.width === 0) continue;
      const scale = Math.hypot(matrix.a, matrix.b);
      for (const part of [text, ...Array.from(text.querySelectorAll('tspan'))]) {
        const size = scale * parseFloat(getComputedStyle(part).fontSize);
        if (size < 9.95) found.push(`${cell}: "${part.textContent}" has ${size.toFixed(1)} px`);
      }
      if (!text.classList.contains('bartext')) continue;
      for (const other of labels) {
        const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
        const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
        // boxes are higher than their digits
        if (across > 1 && down > 4) found.push(`${cell}: "${text.textContent}" is on another`);
      }
      labels = [...labels, box];
    }
    place.remove();
  }
  return found;
}
