import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../lib/course/notebooks/browser';
import { findBrowser } from '../../lib/course/setup/find-browser.mjs';
import { bars } from '../../lib/plots/bars';
import type { Figure } from '../../lib/plots/figure';
import { heatmap } from '../../lib/plots/heatmap';
import { lines } from '../../lib/plots/lines';
import { linesAsSvg } from '../../lib/plots/lines-as-svg';
import { hoverName, markdownCell, markup, plainText } from '../../lib/plots/markup';
import { row } from '../../lib/plots/side-by-side';
import { tokenGrid } from '../../lib/plots/token-grid';
import { allToAll } from '../../lib/plots/two-modes';

/** Texts that a renderer of markup would change. */
const TEXTS = [
  '<s>',
  '</s>',
  '&amp;',
  '&lt;',
  '&#65;',
  'a<b>c',
  '<br>',
  '<SUB>',
  '<b class="x">',
  '<eos>',
  'R&D',
  '1 < 2 > 0',
  '<a href="x">',
  '<strong>',
  '&notAnEntity',
];

test('a text without markup is kept as it is', () => {
  for (const text of ['R&D', '<eos>', '1 < 2', '50 %', '']) expect(markup(text)).toBe(text);
  expect(markup('two\nlines')).toBe('two<br>lines');
});

test('markup is plain text again, word for word', () => {
  for (const text of TEXTS) {
    expect(plainText(markup(text))).toBe(text);
    expect(plainText(hoverName(text))).toBe(text);
  }
  expect(hoverName('%{x} <eos>')).toBe('&#37;{x} &lt;eos>');
});

test('an SVG shows each text as it is', () => {
  for (const text of TEXTS) {
    const svg = linesAsSvg(
      lines([{ name: text, y: [1, 2] }], { title: text, xTitle: text, yTitle: text }),
    );
    const shown = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, inner = '']) =>
      inner.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&')
    );
    expect(shown.filter((one) => one === text)).toHaveLength(4);
  }
});

test('a cell of a Markdown table shows formulas, links, code and entities as they are', () => {
  expect(markdownCell('$x$ [a](b) `c` &amp; ~~d~~ e|f\ng')).toBe(
    '&#36;x&#36; &#91;a&#93;(b) &#96;c&#96; &#38;amp; &#126;&#126;d&#126;&#126; e\\|f g',
  );
});

/** For each kind of figure, one that shows `text` in every place that takes a text. */
const figures: Record<string, (text: string) => Figure> = {
  lines: (text) =>
    lines([{ name: text, y: [1, 2] }], { title: text, xTitle: text, yTitle: text,
      references: [{ name: text, value: 1 }] }),
  bars: (text) =>
    bars(['a', text], [{ name: text, values: [1, 2] }], { title: text, xTitle: text,
      yTitle: text }),
  heatmap: (text) =>
    heatmap([[1, 2]], { rowLabels: [text], columnLabels: ['a', text], xTitle: text, yTitle: text }),
  grid: (text) =>
    tokenGrid([[{ text, kind: 'prompt' }]], { rowLabels: [text], xTitle: text, title: text }),
  modes: (text) => allToAll([text], [[1]], text),
  row: (text) =>
    row([bars([text], [1], { title: text, xTitle: text, yTitle: text })], { title: text }),
};
const places: Record<string, number> = { lines: 5, bars: 5, heatmap: 4, grid: 4, modes: 2, row: 5 };

// Skipped where no Chromium is found; test/browser fails there in CI.
describe.skipIf(!findBrowser())('in a real browser', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
    await page.addScriptTag({ path: require.resolve('plotly.js-dist') });
  });
  afterAll(() => browser.close());

  test.each(Object.entries(figures))(
    '%s show each text as it is, at every place',
    async (kind, figure) => {
      for (const text of TEXTS) {
        const shown = await page.evaluate(async (json) => {
          const { data, layout } = JSON.parse(json) as { data: unknown; layout: unknown };
          const place = document.createElement('div');
          document.body.append(place);
          const plotly = Reflect.get(globalThis, 'Plotly') as {
            newPlot(at: HTMLElement, data: unknown, layout: unknown): Promise<unknown>;
          };
          await plotly.newPlot(place, data, layout);
          const found = Array.from(place.querySelectorAll('text'), (one) => one.textContent);
          place.remove();
          return found;
        }, JSON.stringify(figure(text)));
        expect(shown.filter((one) => one === text), text).toHaveLength(places[kind]!);
      }
    },
    60_000,
  );
});
