import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBrowser, howToGetABrowser, launchBrowser } from '../../lib/course/notebooks/browser';
import { scratch } from '../../lib/course/notebooks/execute';
import { findNotebooks, isCode, readNotebook, root } from '../../lib/course/notebooks/notebook';
import { type Lab, startLab } from './jupyterlab';

const pictures = join(root, '.cache', 'pictures');
const file = findNotebooks().find((name) => basename(name).startsWith('16.3'));
const inCI = process.env['CI'] !== undefined && process.env['CI'] !== 'false'
  && process.env['CI'] !== '';

// Without one: skipped on a reader's machine, a failure in CI.
test.skipIf(!findBrowser() && !inCI)('there is a browser', () => {
  expect(findBrowser(), howToGetABrowser).toBeDefined();
});

if (!findBrowser()) console.log(`Skipped: the session in a real browser. ${howToGetABrowser}`);

describe.skipIf(!findBrowser() || !file)('16.3 in JupyterLab, in a real browser', () => {
  // One level below the repository's root, so that the notebook's imports of ../lib mean the same
  // as in notebooks/.
  const folder = join(root, '.cache');
  const name = `browser-test-${process.pid}.ipynb`;
  const own = scratch('lab');
  const complaints: string[] = [];
  let lab: Lab;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    copyFileSync(file as string, join(folder, name));
    mkdirSync(pictures, { recursive: true });
    [lab, browser] = await Promise.all([startLab(folder, own), launchBrowser()]);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(`${lab.url}lab/tree/${name}?token=${lab.token}`);
    await page.getByText('TypeScript (course) | Idle').waitFor({ timeout: 60_000 });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
    rmSync(join(folder, name), { force: true });
    rmSync(own, { recursive: true, force: true, maxRetries: 5 });
  }, 30_000);

  test('Run All finishes every cell without an error', async () => {
    await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Run All Cells', exact: true }).click();
    await expect.poll(() => unfinished(page), { timeout: 120_000, interval: 500 }).toEqual([]);
    expect(await page.locator('[data-mime-type="application/vnd.jupyter.error"]').count()).toBe(0);
    const cells = readNotebook(file as string).cells.filter(isCode).length;
    expect(await page.locator('.jp-CodeCell').count()).toBe(cells);
  }, 140_000);

  test('long lines of code wrap: no cell scrolls sideways', async () => {
    const wide = await page.locator('.jp-CodeCell .cm-scroller').evaluateAll((all) =>
      all.filter((one) => one.scrollWidth > one.clientWidth).length
    );
    expect(wide).toBe(0);
  });

  test('its plot is drawn, and answers when it is touched', async () => {
    const plot = page.locator('.js-plotly-plot').first();
    await plot.scrollIntoViewIfNeeded();
    await plot.locator('svg.main-svg').first().waitFor();
    await plot.locator('.bars .point, .scatterlayer .trace').first().waitFor({ state: 'attached' });
    await page.screenshot({ path: join(pictures, 'jupyterlab-light.png') });
    const bar = await plot.locator('.bars .point path, .bars .point').first().boundingBox();
    if (!bar) throw new Error('the first plot has no bar');
    await page.mouse.move(bar.x + bar.width / 2, bar.y + bar.height / 2, { steps: 5 });
    const label = plot.locator('.hoverlayer .hovertext');
    await label.first().waitFor({ timeout: 5_000 });
    expect(await label.first().textContent()).toMatch(/\d/);
  }, 60_000);

  test('nothing complained on the way', () => {
    expect(complaints).toEqual([]);
  });
});

/** The first lines of code cells that wait, run, or were never sent to the kernel. */
async function unfinished(page: Page): Promise<string[]> {
  const cells = await page.locator('.jp-CodeCell').evaluateAll((all) =>
    all.map((cell) => ({
      prompt: cell.querySelector('.jp-InputPrompt')?.textContent ?? '',
      line: cell.querySelector('.cm-line')?.textContent ?? '',
    }))
  );
  return cells.filter(({ prompt }) => !/\[\d+\]/.test(prompt)).map(({ line }) => line);
}
