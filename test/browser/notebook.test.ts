import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../lib/course/notebooks/browser';
import { scratch } from '../../lib/course/setup/scratch';
import { findNotebooks, isCode, readNotebook } from '../../lib/course/notebooks/notebook';
import { findBrowser, howToGetABrowser } from '../../lib/course/setup/find-browser.mjs';
import { KERNEL_TITLE } from '../../lib/course/setup/jupyter-kernel.mjs';
import { DEFAULT_PORT, Lab } from '../../lib/course/setup/jupyterlab.mjs';
import { installTemplate } from '../../lib/course/setup/nbconvert-template.mjs';
import { cache, root, venv } from '../../lib/course/setup/paths.mjs';
import { inCI } from '../../lib/course/setup/program.mjs';
import { drawn, moveTo, shown } from './move-slider';
import { panelsOf } from './panel-places';
import { sliderValues } from './slider-values';

const pictures = join(cache, 'pictures');
const [file = ''] = findNotebooks(['16.3']);

// Without a browser: skipped on a reader's machine, a failure in CI.
test.skipIf(!findBrowser() && !inCI)('there is a browser', () => {
  expect(findBrowser(), howToGetABrowser).toBeDefined();
});

if (!findBrowser()) console.log(`Skipped: the session in a real browser. ${howToGetABrowser}`);

describe.skipIf(!findBrowser())('16.3 in JupyterLab, in a real browser', () => {
  // One level below the repository's root, so that the notebook's imports of ../lib mean the same
  // as in notebooks/.
  const folder = join(root, '.cache');
  const name = `browser-test-${process.pid}.ipynb`;
  const own = scratch('lab');
  const messages: string[] = [];
  let lab: Lab | undefined;
  let browser: Browser | undefined;
  let page: Page;

  beforeAll(async () => {
    copyFileSync(file, join(folder, name));
    mkdirSync(pictures, { recursive: true });
    installTemplate(venv); // with the extension that stacks panels
    lab = await Lab.open({ browser: false, port: DEFAULT_PORT, folder, own });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('pageerror', (error) => messages.push(error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') messages.push(message.text());
    });
    await page.goto(`${lab.server}lab/tree/${name}?token=${lab.token}`);
    await page.getByText(`${KERNEL_TITLE} | Idle`).waitFor();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
    rmSync(join(folder, name), { force: true });
    rmSync(own, { recursive: true, force: true, maxRetries: 5 });
  });

  test('the slider of a saved plot moves before any cell has run', async () => {
    const cell = page.locator('.jp-CodeCell', { hasText: 'withSlider(stepNumbers' });
    await cell.scrollIntoViewIfNeeded();
    await cell.locator('.jp-OutputArea-output').hover();
    await page.locator('.slider-grip-rect').waitFor();
    await expectStep(page, 3);
    await expectStep(page, 1);
    expect(await cell.locator('.jp-InputPrompt').textContent()).not.toContain('*');
  });

  test('Run All finishes every cell without an error', async () => {
    await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Run All Cells', exact: true }).click();
    await expect.poll(() => unfinished(page), { timeout: 120_000, interval: 500 }).toEqual([]);
    expect(await page.locator('[data-mime-type="application/vnd.jupyter.error"]').count()).toBe(0);
    const cells = readNotebook(file).cells.filter(isCode).length;
    expect(await page.locator('.jp-CodeCell').count()).toBe(cells);
  }, 140_000);

  test('long lines of code wrap: no cell scrolls sideways', async () => {
    const wide = await page.locator('.jp-CodeCell .cm-scroller').evaluateAll((all) =>
      all.filter((one) => one.scrollWidth > one.clientWidth).length
    );
    expect(wide).toBe(0);
  });

  test('its plot is drawn, and shows a value when the pointer is on it', async () => {
    const plot = page.locator('.js-plotly-plot').first();
    await plot.scrollIntoViewIfNeeded();
    await plot.locator('svg.main-svg').first().waitFor();
    await plot.locator('.bars .point, .scatterlayer .trace').first().waitFor({ state: 'attached' });
    await page.screenshot({ path: join(pictures, 'jupyterlab-light.png') });
    const bar = await plot.locator('.bars .point path, .bars .point').first().boundingBox();
    if (!bar) throw new Error('the first plot has no bar');
    await page.mouse.move(bar.x + bar.width / 2, bar.y + bar.height / 2, { steps: 5 });
    const label = plot.locator('.hoverlayer .hovertext');
    await label.first().waitFor();
    expect(await label.first().textContent()).toMatch(/\d/);
  });

  test('the slider of a new plot moves too, and in the dark theme', async () => {
    await page.locator('.slider-grip-rect').scrollIntoViewIfNeeded();
    await expectStep(page, 2);
    await page.evaluate(() => document.body.setAttribute('data-jp-theme-light', 'false'));
    await expectStep(page, 4);
    await page.screenshot({ path: join(pictures, 'jupyterlab-slider-dark.png') });
    await page.evaluate(() => document.body.setAttribute('data-jp-theme-light', 'true'));
  });

  test(
    'panels side by side are stacked in a narrow window, in JupyterLab and in Notebook',
    async () => {
      const notebook = await browser!.newPage({ viewport: { width: 1280, height: 900 } });
      await notebook.goto(`${lab!.server}notebooks/${name}?token=${lab!.token}`);
      await notebook.locator('.jp-CodeCell').first().waitFor();
      for (const each of [page, notebook]) {
        const cell = each.locator('.jp-CodeCell', { hasText: 'const readerOf' });
        for (let turn = 0; turn < 80 && await cell.count() === 0; turn++) {
          await each.mouse.move(700, 500);
          await each.mouse.wheel(0, 700);
          await each.waitForTimeout(100);
        }
        await cell.locator('.jp-RenderedPlotly').hover();
        const plot = cell.locator('.js-plotly-plot');
        await plot.locator('svg.main-svg').first().waitFor();
        for (const [width, stacked] of [[1280, false], [780, true], [1280, false]] as const) {
          await each.setViewportSize({ width, height: 900 });
          await expect.poll(async () => (await panelsOf(plot)).isStacked).toBe(stacked);
          await expect.poll(async () => (await panelsOf(plot)).covered).toEqual([]);
        }
      }
      await notebook.close();
    },
    120_000,
  );

  test('neither the page nor its console reported an error', () => {
    expect(messages).toEqual([]);
  });
});

/** Moves the one slider of 16.3 to a step, and compares the bars with the library's numbers. */
async function expectStep(page: Page, step: number): Promise<void> {
  const plot = page.locator('.js-plotly-plot', { has: page.locator('.slider-group') });
  await moveTo(plot, step - 1, 4);
  await expect.poll(() => shown(plot)).toBe(`step: ${step}`);
  const { words, traces } = await drawn(plot);
  const expected = await sliderValues['16.3 slider-over-steps']!(String(step), words);
  for (const [t, trace] of traces.entries())
    trace.forEach((value, i) => expect(value).toBeCloseTo(expected[t]![i]!, 4));
}

/** The first lines of code cells that are pending, running, or were never sent to the kernel. */
async function unfinished(page: Page): Promise<string[]> {
  const cells = await page.locator('.jp-CodeCell').evaluateAll((all) =>
    all.map((cell) => ({
      prompt: cell.querySelector('.jp-InputPrompt')?.textContent ?? '',
      line: cell.querySelector('.cm-line')?.textContent ?? '',
    }))
  );
  return cells.filter(({ prompt }) => !/\[\d+\]/.test(prompt)).map(({ line }) => line);
}
