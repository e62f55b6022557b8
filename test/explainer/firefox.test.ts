/** The main road of the explainer in Firefox: served, and from a disk. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFirefox, howToGetFirefox } from '../../lib/course/setup/find-browser.mjs';
import { inCI } from '../../lib/course/setup/program.mjs';
import { EXPLAINER } from '../../lib/course/site/server';
import { toAddress } from '../../lib/explainer/address';
import { defaultState } from '../../lib/explainer/state';
import { launch } from '../browser/library-page';
import { addressOf, differences, numbersOf, show, type Started, startExplainer, viewsInNode,
  waitFor } from './explainer-page';
import { STATES } from './states';

const firefox = findFirefox();
test.skipIf(!firefox && !inCI)('there is a Firefox', () => {
  expect(firefox, howToGetFirefox).toBeDefined();
});

const usual = defaultState();

describe.skipIf(!firefox)('the explainer in Firefox', () => {
  let started: Started<Browser>;
  const troubles: string[] = [];
  const requested: string[] = [];

  const open = async (url: string): Promise<Page> => {
    const page = await started.browser.newPage();
    page.on('console', (message) => troubles.push(message.text()));
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('request', (request) => requested.push(request.url()));
    await page.goto(url);
    return page;
  };

  beforeAll(async () => {
    started = await startExplainer(() => launch('firefox', firefox!));
  }, 180_000);
  afterAll(() => started.close());

  test.each(['served', 'from a disk'])('%s: steps, mask, training, link and back', async (how) => {
    const disk = pathToFileURL(join(EXPLAINER, 'index.html')).href;
    const page = await open(how === 'served' ? started.url : disk);
    await waitFor(page, '');
    await page.click('#step');
    await page.click('#step');
    await waitFor(page, 'step=2');
    await page.click('input[name="causal"]');
    await waitFor(page, toAddress({ ...usual, step: 2, causal: false }));
    await page.click('input[name="causal"]');
    await page.click('#train-step');
    const trained = { ...usual, step: 2, trainingSteps: 1 };
    await waitFor(page, toAddress(trained));
    expect(differences(await numbersOf(page), await viewsInNode(trained))).toEqual([]);
    await page.evaluate('history.back()');
    await waitFor(page, 'step=2');
    expect(await addressOf(page)).toBe('step=2');
    await page.close();
  });

  test('shows the numbers of the engine in every third state', async () => {
    const page = await open(started.url);
    for (const { name, state } of STATES.filter((_, i) => i % 3 === 0)) {
      await show(page, state);
      const shown = await numbersOf(page);
      expect(shown.length).toBeGreaterThan(40);
      expect(differences(shown, await viewsInNode(state)), name).toEqual([]);
    }
    await page.close();
  });

  test('reports nothing, and asks no other host', () => {
    expect(troubles).toEqual([]);
    const foreign = requested.filter((each) =>
      each.startsWith('http') && new URL(each).host !== new URL(started.url).host
    );
    expect(foreign).toEqual([]);
  });
});
