/** No state makes the page wider than its window, however long its texts. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBrowser } from '../../lib/course/setup/find-browser.mjs';
import { NOTEBOOK_LINKS } from '../../lib/explainer/links';
import { PRESETS, QUESTIONS } from '../../lib/explainer/presets';
import { show, type Started, startExplainer, waitFor } from './explainer-page';
import { STATES } from './states';

const states = [
  ...STATES,
  ...PRESETS.map(({ id, state }) => ({ name: id, state })),
  ...QUESTIONS.flatMap(({ runs }) => runs.map(({ id, state }) => ({ name: id, state }))),
  ...NOTEBOOK_LINKS.map(({ cell, state }) => ({ name: cell, state })),
];

// page.test.ts says so where there is no browser. Limits that a busy machine keeps, too.
describe.skipIf(!findBrowser())('the width of the explainer', () => {
  let started: Started<Browser>;

  beforeAll(async () => {
    started = await startExplainer();
  }, 180_000);
  afterAll(() => started.close());

  test.each([360, 1280])('is that of the window at %d px, in every state', async (width) => {
    const page = await started.browser.newPage({ viewport: { width, height: 900 } });
    await page.goto(started.url);
    await waitFor(page, '');
    const wide: string[] = [];
    for (const { name, state } of states) {
      await show(page, state);
      const found = await page.evaluate<number>('document.documentElement.scrollWidth');
      if (found > width) wide.push(`${name}: ${found}`);
    }
    expect(wide).toEqual([]);
    await page.close();
  });
});
