/**
 * The explainer for everyone: screen readers (axe-core), narrow and wide screens, light and dark,
 * touch, less motion, a browser without WebAssembly.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBrowser } from '../../lib/course/setup/find-browser.mjs';
import { cache } from '../../lib/course/setup/paths.mjs';
import { toAddress } from '../../lib/explainer/address';
import { defaultState, type State, STATE_CHOICES } from '../../lib/explainer/state';
import { launch } from '../browser/library-page';
import { differences, numbersOf, show, type Started, startExplainer, viewsInNode,
  waitFor } from './explainer-page';

const usual = defaultState();
const pictures = join(cache, 'pictures');

/** A state for each panel, with something in it. */
const PANELS: readonly State[] = [
  { ...usual, step: 2 },
  ...STATE_CHOICES.panel.filter((name) => name !== 'modes').map((panel): State => ({ ...usual,
    panel, step: 2, secondPrompt: panel === 'batch' ? 'The agent' : '',
    strategy: panel === 'decoding' ? 'sampling' : 'greedy', useCache: panel !== 'cache' })
  ),
  { ...defaultState('eight-tokens'), panel: 'vectors', step: 3 },
];

// page.test.ts says so where there is no browser. Limits that a busy machine keeps, too.
describe.skipIf(!findBrowser())('the explainer for everyone', () => {
  let started: Started<Browser>;
  const troubles: string[] = [];

  const open = async (options: BrowserContextOptions, state: State = usual): Promise<Page> => {
    const page = await started.browser.newPage(options);
    page.on('console', (message) => troubles.push(message.text()));
    page.on('pageerror', (error) => troubles.push(error.message));
    const address = toAddress(state);
    await page.goto(`${started.url}#${address}`);
    await waitFor(page, address);
    return page;
  };

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    started = await startExplainer();
  }, 180_000);
  afterAll(() => started.close());

  test.each(['light', 'dark'] as const)('axe-core finds nothing serious, %s', async (scheme) => {
    const page = await open({ colorScheme: scheme });
    await page.addScriptTag({ path: require.resolve('axe-core') });
    for (const state of [...PANELS, { ...usual, causal: false, trainingSteps: 2 }]) {
      await show(page, state);
      const { violations, passes } = await page.evaluate<AxeResults>('axe.run()');
      expect(passes.length).toBeGreaterThan(20);
      const found = violations.map(({ id, impact, nodes }) =>
        `${impact ?? 'unknown'} ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`
      );
      expect(found, toAddress(state)).toEqual([]);
    }
    await page.close();
  });

  test.each([360, 900, 1920])('nothing is wider than a screen of %i pixels', async (width) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open({ colorScheme, viewport: { width, height: 900 } });
      for (const state of PANELS) {
        await show(page, state);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide, `${state.panel}, ${state.example}`).toBe(width);
        const name = state.example === 'eight-tokens' ? 'eight' : state.panel;
        await page.waitForTimeout(50); // what was not in view is drawn a frame later
        const path = join(pictures, `explainer-${name}-${width}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: true });
      }
      await page.close();
    }
  });

  test.each(['en', 'de', 'zh'] as const)('no number touches another, %s', async (language) => {
    for (const width of [360, 1280, 1440]) {
      const page = await open({ viewport: { width, height: 900 } }, { ...usual, language,
        step: 4 });
      const gaps = await page.locator('.distribution li.marked').evaluateAll((rows) =>
        rows.map((row) => {
          const [first, second] = [...row.querySelectorAll('.num')].map((each) => {
            const range = document.createRange();
            range.selectNodeContents(each);
            return range.getBoundingClientRect();
          });
          return [second!.left - first!.right, row.getBoundingClientRect().right - second!.right];
        })
      );
      expect(gaps).toHaveLength(2);
      for (const gap of gaps.flat()) expect(gap, `${width} px`).toBeGreaterThanOrEqual(0);
      for (const [between] of gaps) expect(between, `${width} px`).toBeGreaterThan(3);
      await page.close();
    }
  });

  test('fingers on a phone: large enough to hit, and every road works', async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const page = await open(phone, { ...usual, panel: 'decoding' });
    const small = await page.locator('button, select, input:not([type="range"])').evaluateAll((
      all,
    ) =>
      all.map((each) => (each.closest('label') ?? each).getBoundingClientRect())
        .filter(({ width, height }) => Math.min(width, height) < 24).length
    );
    expect(small).toBe(0); // WCAG 2.2, 2.5.8
    await page.locator('#step').tap();
    await waitFor(page, toAddress({ ...usual, panel: 'decoding', step: 1 }));
    await page.locator('.pass-rows li').nth(2).tap();
    await waitFor(page, toAddress({ ...usual, panel: 'decoding', step: 1, position: 2 }));
    await page.close();
  });

  test('nothing moves by itself for those who asked for less motion', async () => {
    const motion = async (reducedMotion: 'reduce' | 'no-preference') => {
      const page = await open({ reducedMotion }, { ...usual, step: 2 });
      const found = await page.evaluate(() =>
        [...document.querySelectorAll('*')].filter((each) => {
          const { transitionDuration, animationName } = getComputedStyle(each);
          return animationName !== 'none' || !/^0s(, 0s)*$/.test(transitionDuration);
        }).length
      );
      await page.close();
      return found;
    };
    expect(await motion('reduce')).toBe(0);
    expect(await motion('no-preference')).toBeGreaterThan(0);
  });

  test('without WebAssembly it says so, and plain JavaScript computes', async () => {
    const before = troubles.length;
    const page = await started.browser.newPage();
    await page.addInitScript('delete globalThis.WebAssembly');
    await page.goto(`${started.url}#language=de`);
    await waitFor(page, 'language=de');
    expect(await page.locator('.banner').innerText()).toMatch(
      /^Dieser Browser hat kein WebAssembly/,
    );
    await page.click('#step');
    await waitFor(page, toAddress({ ...usual, language: 'de', step: 1 }));
    expect(await page.locator('.context li').last().innerText()).toMatch(/^for/);
    await page.close();
    expect(troubles.length).toBe(before);
  });

  test('where WebAssembly does not start, it says so and computes', async () => {
    const page = await started.browser.newPage();
    await page.addInitScript('WebAssembly.validate = () => false');
    await page.goto(`${started.url}#step=1`);
    await waitFor(page, 'step=1');
    expect(await page.locator('.banner').allInnerTexts()).toEqual([
      expect.stringMatching(/^WebAssembly did not start in this browser/),
    ]);
    expect(await page.locator('.context li').last().innerText()).toMatch(/^for/);
    await page.close();
  });

  test('where WebAssembly has no SIMD, it says so and computes', async () => {
    // V8's flag for processors without SSE 4.1.
    const flags = ['--js-flags=--no-enable-sse4-1'];
    const own = await startExplainer(() => launch('chrome', findBrowser()!, flags));
    const page = await own.browser.newPage();
    await page.goto(`${own.url}#step=1&language=zh`);
    await waitFor(page, 'step=1&language=zh');
    const shown = (selector: string): Promise<unknown> =>
      page.evaluate(`[...document.querySelectorAll('${selector}')].at(-1)?.textContent`);
    expect(await shown('.banner')).toMatch(/^此浏览器的 WebAssembly 不支持 SIMD/);
    expect(await shown('.context li')).toMatch(/^for/);
    await own.close();
  });

  test('a file that is missing gets a sentence, and the page stays', async () => {
    const page = await open({});
    await page.route('**/without-mask-model*', (route) => route.abort());
    await page.getByRole('switch', { name: 'Causal mask' }).click();
    await expect.poll(() => page.locator('.banner').allInnerTexts()).toEqual([
      expect.stringMatching(
        /^This could not be computed: the file \S*without-mask\S* could not be loaded\./,
      ),
    ]);
    expect(await page.locator('main').count()).toBe(1);
    await page.unroute('**/without-mask-model*');
    await page.getByRole('switch', { name: 'Causal mask' }).click();
    await page.getByRole('switch', { name: 'Causal mask' }).click();
    await waitFor(page, 'causal=false');
    expect(await page.locator('.banner').count()).toBe(0);
    await page.close();
    troubles.splice(0, troubles.length, ...troubles.filter((text) => !/ERR_FAILED/.test(text)));
  });

  test('a live step of training on a phone gives the numbers of Node', async () => {
    const state = { ...usual, trainingSteps: 2 };
    const page = await open({ viewport: { width: 360, height: 740 } }, state);
    expect(differences(await numbersOf(page), await viewsInNode(state))).toEqual([]);
    await page.close();
  });

  test('reports nothing', () => {
    expect(troubles).toEqual([]);
  });
});
