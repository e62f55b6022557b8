/** The page's controls and their sentences: what is shown is always what is in force. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findBrowser } from '../../lib/course/setup/find-browser.mjs';
import { toAddress } from '../../lib/explainer/address';
import type { TrainingView } from '../../lib/explainer/engine';
import { defaultState, type State, STATE_CHOICES } from '../../lib/explainer/state';
import { addressOf, numbersOf, show, type Started, startExplainer, viewsInNode,
  waitFor } from './explainer-page';
import { STATES } from './states';

const usual = defaultState();
const eight = defaultState('eight-tokens');

// page.test.ts says so where there is no browser. Limits that a busy machine keeps, too.
describe.skipIf(!findBrowser())('the controls of the explainer', () => {
  let started: Started<Browser>;
  let page: Page;
  const go = (changes: Partial<State>): Promise<void> => show(page, { ...usual, ...changes });
  const expectState = (changes: Partial<State>): Promise<void> =>
    waitFor(page, toAddress({ ...usual, ...changes }));
  const text = (selector: string): Promise<string> => page.locator(selector).innerText();
  const field = (name: string) => page.locator(`input[name="${name}"]`);
  const lit = (): Promise<string[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll('.context li, .pass-rows li')].filter((each) =>
        getComputedStyle(each).getPropertyValue('--lit') !== ''
      ).map((each) => `${each.closest('ol')!.className || 'rows'} ${each.getAttribute('data-at')}`)
    );

  beforeAll(async () => {
    started = await startExplainer();
    page = await started.browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(started.url);
    await waitFor(page, '');
  }, 180_000);
  afterAll(() => started.close());
  beforeEach(() => go({}));

  test('a text that was typed but not sent is sent before the next step', async () => {
    await field('prompt').fill('The tests');
    await page.click('#step');
    await expectState({ prompt: 'The tests', step: 1 });
    await field('sentence').fill('The team fixed the bug.');
    await page.hover('#train-step');
    await page.mouse.down();
    // A press takes about this long; a shorter sentence would move the button in this time.
    await page.waitForTimeout(300);
    await page.mouse.up();
    await expectState({ prompt: 'The tests', step: 1, sentence: 'The team fixed the bug.',
      trainingSteps: 1 });
  });

  test('a new sentence takes its beginning as the prompt, if the old one did', async () => {
    await field('sentence').fill('The tests failed on Friday, so the team fixed the bug.');
    await field('sentence').press('Enter');
    const sentence = 'The tests failed on Friday, so the team fixed the bug.';
    await expectState({ sentence, prompt: 'The tests failed on Friday,' });
    await go({ prompt: 'The agents' });
    await field('sentence').fill(sentence);
    await field('sentence').press('Enter');
    await expectState({ sentence, prompt: 'The agents' });
  });

  test('the light joins positions only where both texts have the same tokens', async () => {
    await go({ prompt: 'The agents waited' });
    await page.locator('.pass-rows li').nth(0).hover();
    await expect.poll(lit).toEqual(['rows 0', 'context 0']);
    await page.locator('.pass-rows li').nth(1).hover();
    await expect.poll(lit).toEqual(['rows 1']);
  });

  test('eight tokens without the mask: no claim of a model that was trained so', async () => {
    await show(page, { ...eight, causal: false });
    expect(await text('#causal-note')).toMatch(/trained with the mask.*mean loss rises/);
    expect(await text('footer')).toContain('layers 1, heads 1, width 4');
    await go({ causal: false });
    expect(await text('#causal-note')).toMatch(/trained so: it copies/);
    expect(await text('footer')).toContain('layers 2, heads 4, width 64');
  });

  test.each(
    [
      ['prompt', ' ', 'en', 'The prompt is empty: write at least one word.'],
      ['sentence', 'The', 'en', 'The sentence needs at least two tokens; it has 1.'],
      ['prompt', '', 'de', 'Der Prompt ist leer: Schreiben Sie mindestens ein Wort.'],
      ['sentence', 'The', 'zh', '句子至少需要两个词元，现在只有 1 个。'],
      [
        'prompt',
        'The agnet qqqqqqqqqq',
        'en',
        'The model does not know “agnet” (perhaps “agent”), “qqqqqqqqqq”.',
      ],
      [
        'prompt',
        'The agnet qqqqqqqqqq',
        'de',
        'Das kennt das Modell nicht: „agnet“ (vielleicht „agent“), „qqqqqqqqqq“.',
      ],
      ['prompt', 'agnet', 'zh', '模型不认识：“agnet”（是否想写“agent”？）。'],
      [
        'prompt',
        'a1 b2 c3 d4 e5 f6 g7',
        'de',
        /^Das kennt das Modell nicht: „a1“.* und 2 weitere\.$/,
      ],
    ] as const,
  )(
    'says what is wrong in a plain sentence: %s "%s", %s',
    async (name, given, language, sentence) => {
      await go({ language });
      await field(name).fill(given);
      await field(name).press('Enter');
      await expect.poll(() => page.locator('.field [role="alert"]').allInnerTexts()).toEqual([
        typeof sentence === 'string' ? sentence : expect.stringMatching(sentence),
      ]);
      await field(name).fill(usual[name]);
      await field(name).press('Enter');
    },
  );

  test.each(['-1', '1.5', '', '2000000000'])('a refused seed, "%s", says so and goes back', async (
    seed,
  ) => {
    await go({ panel: 'decoding', strategy: 'sampling', seed: 12 });
    await field('seed').fill(seed);
    await field('seed').press('Tab');
    await expect.poll(() => page.locator('.slider .problem').allInnerTexts()).toEqual([
      'Only numbers from 0 to 1,000,000,000, without a fraction; 12 stays.',
    ]);
    expect(await field('seed').inputValue()).toBe('12');
  });

  test('a wide screen has the controls of decoding beside what they change', async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    for (const panel of STATE_CHOICES.panel) {
      await go({ panel, strategy: 'sampling', step: 1, secondPrompt: 'The bug' });
      const [bars, controls] = await Promise.all(
        ['.side.inference .distribution', '#decoding'].map((part) =>
          page.locator(part).boundingBox()
        ),
      );
      expect(controls!.x, panel).toBeGreaterThan(bars!.x + bars!.width);
      expect(controls!.y).toBeLessThan(bars!.y + 50);
      for (const name of ['temperature', 'topK', 'topP', 'minP', 'seed'])
        expect(await field(name).isVisible(), name).toBe(true);
    }
    await field('topK').press('End');
    await expectState({ panel: 'presets', strategy: 'sampling', step: 1, secondPrompt: 'The bug',
      topK: 105 });
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('a narrow screen opens them with a button, whichever panel is open', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    const state = { panel: 'beams', step: 1 } as const;
    await go(state);
    const button = page.locator('[data-panel="decoding"]');
    const controls = page.locator('#decoding');
    expect(await controls.isVisible()).toBe(false);
    await button.click();
    await expectState({ ...state, controls: true });
    expect(await controls.isVisible()).toBe(true);
    expect(await page.locator('.tree').isVisible()).toBe(true);
    expect(await button.getAttribute('aria-expanded')).toBe('true');
    await button.click();
    await expectState(state);
    expect(await controls.isVisible()).toBe(false);
    await page.evaluate(() => void (location.hash = 'panel=decoding')); // as older links have it
    await expectState({ panel: 'decoding' });
    expect(await controls.isVisible()).toBe(true);
    await button.click();
    await expectState({});
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('vectors of both modes: a row for each position, numbers of the newest token', async () => {
    for (const step of [0, 2, 4]) {
      await go({ panel: 'vectors', step });
      const tokens = await page.locator('.context li').count();
      expect(tokens).toBe(6 + step);
      const grids = page.locator('#vectors-inference .grid');
      expect(await grids.count()).toBe(3);
      expect(await grids.first().locator('g').count()).toBe(tokens);
      // as in the notebooks, positions and layers count from 0
      const words = await page.locator('#vectors-inference').innerText();
      expect(words).toContain(`at position ${tokens - 1};`);
      expect(new Set(words.match(/After layer \d/g))).toEqual(
        new Set(['After layer 0', 'After layer 1']),
      );
      const paths = (await numbersOf(page)).map(({ of }) => of);
      for (const each of ['embeddings', 'hidden.0', 'hidden.1'])
        expect(paths).toContain(`context.${each}.${tokens - 1}.63`);
      expect(paths.includes(`inference.steps.${step}.distribution.104.logit`)).toBe(step < 4);
    }
    await page.locator('#vectors-inference g').nth(7).hover();
    await expect.poll(lit).toEqual(['rows 7', 'context 7']);
  });

  test.each([360, 1440])('a long sentence scrolls in its own box, %i pixels', async (width) => {
    await page.setViewportSize({ width, height: 900 });
    const { state } = STATES.find(({ name }) => name === 'the longest sentence and context')!;
    await show(page, state);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    const cell = (await page.locator('.weights rect[data-key="0"]').first().boundingBox())!;
    expect(cell.width).toBeGreaterThan(9);
    const seen = (box: string, part: string): Promise<boolean> =>
      page.locator(box).evaluate((each, selector) => {
        const [outer, inner] = [each, [...each.querySelectorAll(selector)].at(-1)!].map((one) =>
          one.getBoundingClientRect()
        );
        return inner!.left >= outer!.left && inner!.right <= outer!.right
          && inner!.top >= outer!.top && inner!.bottom <= outer!.bottom;
      }, part);
    await expect.poll(() => seen('.pass-rows', '[aria-selected="true"] [data-key]')).toBe(true);
    const grid = '.side.inference .scroll:has(.passes)';
    await expect.poll(() => seen(grid, '.computed')).toBe(true);
    for (const box of ['.pass-rows', grid]) {
      await page.locator(box).focus();
      const before = await page.locator(box).evaluate((each) => each.scrollLeft);
      expect(before, box).toBeGreaterThan(0);
      if (box === grid) continue; // its arrow keys move among the cells
      await page.keyboard.press('ArrowLeft');
      await expect.poll(() => page.locator(box).evaluate((each) => each.scrollLeft))
        .toBeLessThan(before);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('play stops where the reader goes elsewhere: a link, a prompt', async () => {
    for (
      const leave of [
        () => page.evaluate(() => void (location.hash = 'step=1&strategy=sampling&seed=5')),
        async () => {
          await field('prompt').fill('The agent waited');
          await field('prompt').press('Enter');
        },
      ]
    ) {
      await go({});
      await page.click('#play');
      await expect.poll(() => addressOf(page)).toContain('step=1');
      await leave();
      await expect.poll(() => text('#play')).toBe('Play');
      const address = await addressOf(page);
      await page.waitForTimeout(1600); // two beats of the clock
      expect(await addressOf(page)).toBe(address);
    }
  });

  test('keys on a slider are one step of the history', async () => {
    await go({ strategy: 'sampling' });
    const before = await page.evaluate(() => history.length);
    for (let n = 0; n < 5; n++) await field('temperature').press('ArrowRight');
    await expectState({ strategy: 'sampling', temperature: 1.25 });
    await expect.poll(() => addressOf(page)).toContain('temperature=1.25');
    expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(before + 1);
    await page.goBack();
    await expectState({ strategy: 'sampling' });
  });

  test('the target is in view, however improbable', async () => {
    await go({ sentence: 'The bug', position: 0 });
    const isSeen = (): Promise<boolean> =>
      page.locator('.side.training .distribution ol').evaluate((list) => {
        const [outer, inner] = [list, list.querySelector('.marked')!].map((each) =>
          each.getBoundingClientRect()
        );
        return inner!.top >= outer!.top && inner!.bottom <= outer!.bottom;
      });
    await expect.poll(isSeen).toBe(true);
  });

  test('the numbers of attention are in words, for every position', async () => {
    const { training } = await viewsInNode(usual) as { training: TrainingView };
    const row = training.heads[0]!.weights[5]!.map((weight, key) => [weight ?? 0, key] as const);
    const [[weight, key]] = row.sort(([a], [b]) => b - a) as [readonly [number, number]];
    const said = `${training.positions[key]!.input.text} ${(100 * weight).toFixed(1)}%`;
    expect(await text('#attended-at')).toContain(`“request” attends most to: ${said}`);
    const label = await page.locator('.weights').nth(5).getAttribute('aria-label');
    expect(label).toContain(`attends to ${said}`);
    expect(await page.locator('.context .attended').count()).toBe(6);
  });

  test('a batch ends where a row ends; blanks are no second prompt', async () => {
    await go({ panel: 'batch', secondPrompt: 'The bug', step: 12 });
    expect(await text('#batch-greedy')).toContain('is shown at step 3: at the next step, a row');
    expect(await page.locator('.batch').first().innerText()).not.toContain('<eos>');
    await go({ panel: 'batch', secondPrompt: ' ' });
    expect(await page.locator('#try-batch').isVisible()).toBe(true);
  });

  test('cells of a batch and of the cache, nodes of the tree light what is theirs', async () => {
    const count = (selector: string): Promise<number> =>
      page.locator(selector).evaluateAll((all) =>
        all.filter((each) => getComputedStyle(each).getPropertyValue('--lit') !== '').length
      );
    await go({ panel: 'batch', secondPrompt: 'The bug' });
    await page.locator('.batch td').nth(2).hover();
    await expect.poll(() => count('.batch:not(:has(.padding)) td')).toBe(3); // and mask, position
    expect(await count('.open rect')).toBeGreaterThan(5);
    await go({ step: 2 });
    await page.locator('.side.inference .passes td').nth(3).hover();
    await expect.poll(() => count('.side.inference .distribution li')).toBe(1);
    await go({ panel: 'beams', strategy: 'beams', step: 4 });
    const deep = page.locator('.tree .node').last();
    const path = (await deep.getAttribute('data-path'))!.split(' ');
    await deep.locator('rect').hover();
    await expect.poll(() => count('.tree .node')).toBe(path.length);
    expect(path.length).toBe(5);
  });

  test('rows of tables, results and passes light what is theirs', async () => {
    const lit = (selector: string): Promise<string[]> =>
      page.locator(selector).evaluateAll((all) =>
        all.filter((each) => getComputedStyle(each).getPropertyValue('--lit') !== '').map((each) =>
          each.textContent.trim()
        )
      );
    await go({ panel: 'cache', step: 4 });
    const rows = page.locator('table.plain tbody tr');
    const chosen = await rows.nth(1).locator('td').last().innerText();
    await rows.nth(1).locator('th').hover();
    await expect.poll(() => lit('.context li')).toEqual([expect.stringContaining(chosen)]);
    expect((await lit('.side.inference .passes tbody tr')).length).toBe(1);
    await page.locator('.scroll:has(table.plain)').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect((await lit('table.plain tbody tr')).length).toBe(1);
    await go({ panel: 'roads', road: 'serial' });
    await page.locator('table.plain tbody tr').nth(2).locator('th').hover();
    await expect.poll(() => lit('.choice label')).toHaveLength(1);
    await page.locator('.choice label', { hasText: 'serial' }).hover();
    await expect.poll(() => lit('table.plain tbody tr')).toHaveLength(1);
    await go({ panel: 'beams', strategy: 'beams', step: 12 });
    await page.locator('.results li').first().hover();
    const path = (await page.locator('.results li').first().getAttribute('data-path'))!.split(' ');
    await expect.poll(() => lit('.tree .node')).toHaveLength(path.length);
    await go({ ...eight, panel: 'vectors' });
    await page.locator('.lines li').first().hover();
    await expect.poll(() => lit('.eight tbody tr')).toHaveLength(1);
  });

  test('the live region joins what one action changes', async () => {
    const said = () => text('#said');
    await go({ panel: 'batch' });
    await page.click('#try-batch');
    await expect.poll(said).toMatch(/^Pass 3: .* Second prompt: The bug\.$/);
    await go({});
    await expect.poll(said).toMatch(/Closed: Batch of two\./);
    await go({ sentence: 'The agent waited for help.', prompt: 'The agent' });
    await expect.poll(said).toMatch(/^Tokens of the prompt: 2\. Training steps: 0\. Mean loss/);
  });

  test('a slider shows the value in force', async () => {
    await show(page, { ...eight, panel: 'decoding' });
    await field('maxNewTokens').press('End');
    await waitFor(page, toAddress({ ...eight, panel: 'decoding', maxNewTokens: 6 }));
    expect(await field('maxNewTokens').inputValue()).toBe('6');
  });

  test('with beams it says how many rows the counter counts', async () => {
    await go({ strategy: 'beams', step: 2 });
    const counted = await text('[data-of="counter.inference.tokens"]');
    const cells = await page.locator('.side.inference .passes .computed').count();
    expect(Number(counted)).toBe(3 * cells);
    expect(await text('.beams-rows')).toContain('reads 3 rows');
    await go({ step: 2 });
    expect(await page.locator('.beams-rows').count()).toBe(0);
  });

  test('the live region tells of padding, prompt, dropout, language, end', async () => {
    const said = () => text('#said');
    await go({ panel: 'batch' });
    await go({ panel: 'batch', secondPrompt: 'The bug' });
    await expect.poll(said).toBe('Second prompt: The bug.');
    await go({ panel: 'batch', secondPrompt: 'The bug', padding: 'no mask' });
    await expect.poll(said).toBe('Padding: mistake: no attention mask.');
    await go({ panel: 'dropout' });
    await go({ panel: 'dropout', dropout: true });
    await expect.poll(said).toBe('Leave dropout on: on.');
    await go({ step: 4 });
    await go({ step: 12 });
    await expect.poll(said).toMatch(
      /^Pass 4: “<eos>” chosen with .* The end: “<eos>” was chosen\.$/,
    );
    await go({ step: 12, language: 'de' });
    await expect.poll(said).toBe('Sprache: Deutsch.');
  });

  test.each(['light', 'dark'] as const)(
    'weight 0 is near the page, %s',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      const brightness = await page.locator('.weights rect[data-key]').evaluateAll((all) =>
        all.map((each) => {
          const [red, green, blue] = getComputedStyle(each).fill.match(/[\d.]+/g)!.map(Number);
          return [Number(each.getAttribute('data-value')), red! + green! + blue!] as const;
        }).sort(([a], [b]) => a - b).map(([, light]) => light)
      );
      await page.emulateMedia({ colorScheme: 'light' });
      const [least, most] = [brightness[0]!, brightness.at(-1)!];
      if (colorScheme === 'dark') expect(most).toBeGreaterThan(2 * least);
      else expect(least).toBeGreaterThan(1.2 * most);
    },
  );

  test('a tap keeps its light; arrow keys light chips, bars and cells', async () => {
    const phone = await started.browser.newPage({ viewport: { width: 390, height: 844 },
      hasTouch: true, isMobile: true });
    await phone.goto(started.url);
    await waitFor(phone, '');
    await phone.locator('.context li').nth(1).tap();
    await phone.waitForTimeout(200);
    const light = (): Promise<string | null> =>
      phone.evaluate(() => document.getElementById('light')!.textContent);
    expect(await light()).toMatch(/^\[data-at="1"\]/);
    await phone.close();

    await go({ step: 2 });
    await page.locator('.context').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect.poll(lit).toEqual(expect.arrayContaining(['rows 1', 'context 1']));
    const focused = () => page.evaluate(() => document.activeElement!.textContent);
    await page.locator('.side.inference .distribution ol').focus();
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toMatch(/^review/);
    await page.locator('.side.inference .scroll:has(.passes)').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe('');
    await expect.poll(lit).toEqual(expect.arrayContaining(['rows 6', 'context 6']));
  });

  test('keys in haste select the row that they reach, and stop at the ends', async () => {
    await go({});
    await page.locator('[role="option"]').first().focus();
    /** Before the page can show what the first key selects; whether the page does not scroll. */
    const press = (...keys: string[]): Promise<boolean> =>
      page.evaluate((all) =>
        all.map((key) =>
          !document.activeElement!.dispatchEvent(
            new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
          )
        ).every(Boolean), keys);
    const last = await page.locator('[role="option"]').count() - 1;
    expect(await press('ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowUp')).toBe(true);
    await expectState({ position: 2 });
    expect(await press('End', 'ArrowDown')).toBe(true);
    await expectState({ position: last });
    expect(await press('ArrowLeft', 'Home', 'ArrowUp')).toBe(true);
    await expectState({ position: 0 });
    expect(await press('Enter')).toBe(false);
    expect(await page.locator('[role="option"][tabindex="0"]').count()).toBe(1);
  });

  test('the batch says that it is greedy; its errors fit on a narrow screen', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const language of ['en', 'de', 'zh'] as const) {
      await go({ panel: 'batch', secondPrompt: 'The bug', strategy: 'sampling', language });
      const [content, room] = await page.locator('.scroll:has(.plain)').evaluate((
        each,
      ) => [each.scrollWidth, each.clientWidth]);
      expect(content, language).toBeLessThanOrEqual(room);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await go({ panel: 'batch', secondPrompt: 'The bug', strategy: 'sampling' });
    expect(await text('#batch-greedy')).toContain('greedily, whatever the strategy');
    expect(await addressOf(page)).toContain('strategy=sampling');
  });
});
