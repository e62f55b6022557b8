/** The explainer in Chromium: what it shows, how it is used, and that it asks no other host. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findBrowser, howToGetABrowser } from '../../lib/course/setup/find-browser.mjs';
import { inCI } from '../../lib/course/setup/program.mjs';
import { EXPLAINER } from '../../lib/course/site/server';
import { fromAddress, toAddress } from '../../lib/explainer/address';
import type { BeamView, InferenceView } from '../../lib/explainer/engine';
import { defaultState, type State, STATE_CHOICES } from '../../lib/explainer/state';
import { cache } from '../../lib/course/setup/paths.mjs';
import { addressOf, differences, numbersOf, show, type Started, startExplainer, viewsInNode,
  waitFor, wronglyRounded } from './explainer-page';
import { STATES } from './states';

test.skipIf(!findBrowser() && !inCI)('there is a browser', () => {
  expect(findBrowser(), howToGetABrowser).toBeDefined();
});

const usual = defaultState();
const pictures = join(cache, 'pictures');

// Limits that a machine busy with other work keeps, too.
describe.skipIf(!findBrowser())('the explainer in Chromium', () => {
  let started: Started<Browser>;
  let page: Page;
  const troubles: string[] = [];
  const requested = new Set<string>();

  const open = async (options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> => {
    const opened = await started.browser.newPage({ viewport: { width: 1280, height: 900 },
      ...options });
    opened.on('console', (message) => troubles.push(message.text()));
    opened.on('pageerror', (error) => troubles.push(error.message));
    opened.on('request', (request) => requested.add(request.url()));
    return opened;
  };
  /** The state that the page is led to, and shows. */
  const go = (changes: Partial<State>): Promise<void> => show(page, { ...usual, ...changes });
  /** Waits until the address is that of the default state with these changes, and is shown. */
  const expectState = async (changes: Partial<State>): Promise<void> => {
    const address = toAddress({ ...usual, ...changes });
    await waitFor(page, address);
    await expect.poll(() => addressOf(page)).toBe(address);
  };
  const text = (selector: string): Promise<string> => page.locator(selector).innerText();

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    started = await startExplainer();
    page = await open();
    await page.goto(started.url);
    await waitFor(page, '');
  }, 180_000);
  afterAll(() => started.close());
  beforeEach(() => go({}));

  test('both modes stand beside each other, with the counter between them', async () => {
    const places = await page.locator('.modes > *').evaluateAll((all) =>
      all.map((each) => each.getBoundingClientRect()).map(({ left, top }) => ({ left, top }))
    );
    expect(places).toHaveLength(3);
    expect(new Set(places.map(({ top }) => top)).size).toBe(1);
    expect(await page.locator('h2').allInnerTexts()).toEqual([
      'Training: ALL → ALL',
      'What it took',
      'The same numbers, three ways',
      'Inference: ONE → ONE',
      'More to see',
    ]);
    expect(await text('.counter tbody tr:first-child')).toMatch(/passes\s+1\s+0/);
  });

  test.each(STATES)('shows the numbers of the engine: $name', async ({ state }) => {
    await show(page, state);
    const shown = await numbersOf(page);
    expect(shown.length).toBeGreaterThan(40);
    expect(differences(shown, await viewsInNode(state))).toEqual([]);
    if (state.language === 'en') expect(wronglyRounded(shown)).toEqual([]);
  });

  test('each mode shows the whole vocabulary, with the exact probabilities', async () => {
    await go({ step: 1 });
    for (const side of ['training', 'inference'])
      expect(await page.locator(`.side.${side} .distribution li`).count()).toBe(105);
    const first = await text('.side.inference .distribution li.marked');
    expect(first).toMatch(/^for\s+✓?\s*chosen\s+✓?\s*18\.0%\s+18\.0%$/);
  });

  test('step, back, start again: the context grows by the token that was chosen', async () => {
    const words = () =>
      page.locator('.context > li').evaluateAll((all) =>
        all.map((each) => each.firstChild!.textContent)
      );
    const prompt = ['The', 'agent', 'opened', 'a', 'pull', 'request'];
    expect(await words()).toEqual(prompt);
    // Twice in haste: the second comes before the first is shown.
    await page.locator('#step').focus();
    await Promise.all([page.keyboard.press('Enter'), page.keyboard.press('Enter')]);
    await expectState({ step: 2 });
    expect(await words()).toEqual([...prompt, 'for', 'review']);
    await page.click('#back');
    await expectState({ step: 1 });
    await page.click('#restart');
    await expectState({});
    expect(await words()).toEqual(prompt);
    await go({ step: 4 });
    expect(await text('#fed-back')).toBe('The end: “<eos>” was chosen.');
    expect(await page.locator('#step').isDisabled()).toBe(true);
  });

  test('play steps by itself to the end, and pause stops it', async () => {
    await page.click('#play');
    await expect.poll(() => addressOf(page)).toContain('step=2');
    expect(await text('#play')).toBe('Pause');
    await page.click('#play');
    await expect.poll(() => text('#play')).toBe('Play');
    const stopped = await addressOf(page);
    await waitFor(page, stopped); // the step of the address may not be drawn yet
    await page.waitForTimeout(1200);
    expect(await page.locator('main').getAttribute('data-shown')).toBe(stopped);
    await page.click('#play');
    await expect.poll(() => text('#play')).toBe('Play');
    await expectState({ step: 4 });
  });

  test('without the mask the model cheats, and the triangle is a square', async () => {
    const cells = page.locator('.weights rect.hidden');
    expect(await cells.count()).toBe(28);
    const loss = async (): Promise<number> =>
      Number(await page.locator('[data-of="training.meanLoss"]').getAttribute('data-value'));
    const honest = await loss();
    await page.getByRole('switch', { name: 'Causal mask' }).click();
    await expectState({ causal: false });
    expect(await cells.count()).toBe(0);
    const shown = await numbersOf(page);
    const losses = shown.filter(({ of }) => /^training\.positions\.\d\.loss$/.test(of));
    expect(Math.max(...losses.slice(0, -1).map(({ value }) => Number(value)))).toBeLessThan(0.1);
    expect(honest).toBeGreaterThan(0.5);
  });

  test('one training step lowers the loss, and the steps can be undone', async () => {
    await page.click('#train-step');
    await expectState({ trainingSteps: 1 });
    const { training } = await viewsInNode({ ...usual, trainingSteps: 1 }) as {
      training: { history: { mean: number; losses: number[] }[] };
    };
    const [before, after] = training.history.map(({ mean }) => mean.toFixed(2));
    const [old, now] = training.history.map(({ losses }) => losses);
    const fell = now!.filter((loss, position) => loss < old![position]!).length;
    expect(await text('#steps-done')).toMatch(
      new RegExp(`Mean loss ${before} → ${after}; ${fell} of ${now!.length} losses fell\\.$`),
    );
    expect(Number(after)).toBeLessThan(Number(before));
    await page.click('#undo-steps');
    await expectState({});
  });

  test('layer and head are chosen', async () => {
    await page.getByLabel('Layer').selectOption('1');
    await page.getByLabel('Head').selectOption('3');
    await expectState({ layer: 1, head: 3 });
    expect((await numbersOf(page)).some(({ of }) => of.startsWith('training.heads.7.'))).toBe(true);
  });

  test('the three ways say that they are equal, and how far', async () => {
    for (const road of ['serial', 'cached', 'parallel'] as const) {
      await page.getByRole('radio', { name: road }).check();
      await expectState({ road });
      expect(await text('#roads-equal')).toMatch(/^All are equal: .* at most [\d.]+ × 10⁻⁶/);
    }
    await go({ causal: false, road: 'cached' });
    expect(await text('.roads')).toContain('Without the mask there is no cache');
    expect(await text('#roads-equal')).toMatch(/^They differ by up to \d+\.\d\d/);
  });

  test('every control of decoding changes the state', async () => {
    await page.getByRole('radio', { name: 'sampling' }).check();
    const changes: Partial<State> = { strategy: 'sampling' };
    await expectState(changes);
    for (
      const [name, key, value] of [
        ['temperature', 'ArrowRight', 1.05],
        ['topK', 'End', 105],
        ['topP', 'ArrowLeft', 0.99],
        ['minP', 'ArrowRight', 0.01],
        ['repetitionPenalty', 'ArrowRight', 1.05],
        ['maxNewTokens', 'Home', 1],
      ] as const
    ) {
      await page.locator(`input[name="${name}"]`).press(key);
      await expectState(Object.assign(changes, { [name]: value }));
    }
    await page.locator('input[name="seed"]').fill('12');
    await page.locator('input[name="seed"]').press('Enter');
    await expectState(Object.assign(changes, { seed: 12 }));
    await page.locator('input[name="seed"]').fill('-1'); // out of its range: nothing changes
    await page.locator('input[name="seed"]').press('Tab');
    await expectState(changes);
    await page.getByRole('radio', { name: 'beams' }).check();
    await page.locator('input[name="numBeams"]').press('End');
    await page.locator('input[name="lengthPenalty"]').press('ArrowLeft');
    await expectState(
      Object.assign(changes, { strategy: 'beams', numBeams: 6, lengthPenalty: 0.9 }),
    );
    await page.click('#reset-decoding');
    await expectState({});
  });

  test('every panel opens and closes', async () => {
    for (const panel of STATE_CHOICES.panel.slice(1).filter((name) => name !== 'decoding')) {
      const button = page.locator(`[data-panel="${panel}"]`);
      await button.click();
      await expectState({ panel });
      expect(await button.getAttribute('aria-expanded')).toBe('true');
      const id = await button.getAttribute('aria-controls');
      expect(await page.locator(`#${id}`).isVisible(), panel).toBe(true);
      await button.click();
      await expectState({});
      expect(await page.locator(`#${id}`).isVisible(), panel).toBe(false);
    }
  });

  test('the beams are a tree that grows with the step, with pruned branches', async () => {
    const state = { ...usual, panel: 'beams', strategy: 'beams' } as const;
    await go(state);
    const { beams: { stages } } = await viewsInNode(state) as { beams: BeamView };
    const passes = stages.length - 1;
    const expectStage = async (pass: number): Promise<void> => {
      await expectState({ ...state, step: pass });
      for (const fate of ['won', 'pruned', 'finished', 'open']) {
        const count = stages[pass]!.fates.filter((each) => each === fate).length;
        expect(await page.locator(`.tree .node.${fate}`).count(), `${fate} ${pass}`).toBe(count);
      }
      expect(await page.locator('.results li').count()).toBe(stages[pass]!.results.length);
    };
    await expectStage(0);
    expect(await page.locator('.tree .node').count()).toBe(1);
    for (let pass = 1; pass <= passes; pass++) {
      await page.click(pass % 2 ? '#beams-step' : '#step');
      await expectStage(pass);
    }
    expect(await page.locator('#step').isDisabled()).toBe(true);
    expect(await page.locator('.tree .node.won').count()).toBeGreaterThan(2);
    expect(await text('#fed-back')).toMatch(/^The end/);
    await page.evaluate(`document.querySelector('#beams-back').click();
      setTimeout(() => document.querySelector('#beams-back').click(), 5)`);
    await expectStage(passes - 2);
    await page.click('#beams-step');
    await expectStage(passes - 1);
    expect(await page.locator('.tree .node.won').count()).toBe(0);
    expect(await text('#fed-back')).toMatch(/this sequence has ended, but another beam may still/);
    await go({ panel: 'beams', step: 2 });
    await page.click('#use-beams');
    await expectStage(2);
    const grey = page.locator('.tree .node.pruned rect').first();
    expect(await grey.evaluate((each) => getComputedStyle(each).stroke)).toBe('rgb(140, 140, 140)');
  });

  test('what a beam search does after the end of its best sequence is said', async () => {
    const state = { ...usual, panel: 'beams', strategy: 'beams', numBeams: 6 } as const;
    const { inference } = await viewsInNode(state) as { inference: InferenceView };
    const [end, passes] = [inference.steps.length, inference.passes];
    expect(passes).toBeGreaterThan(end + 1);
    const goesOn = (pass: number): string =>
      `Pass ${pass} of ${passes}: this sequence has ended, but another beam may still win.`;
    await go({ ...state, step: end - 1 });
    await page.click('#step');
    await expect.poll(() => text('#said')).toContain(goesOn(end)); // not what an earlier pass said
    expect(await text('#said')).toMatch(/^Pass \d+: .* chosen with /);
    await page.click('#step');
    await expect.poll(() => text('#said')).toBe(goesOn(end + 1));
  });

  test('the mark of the chosen token covers no bar', async () => {
    for (const width of [1280, 1000, 360]) {
      await page.setViewportSize({ width, height: 900 });
      await go({ step: 2 });
      for (const side of ['training', 'inference']) {
        const row = page.locator(`.side.${side} .distribution li.marked`);
        const bar = (await row.locator('svg').boundingBox())!;
        const mark = (await row.locator('.badge').boundingBox())!;
        expect(bar.width, `${side} ${width}`).toBeGreaterThan(20);
        expect(bar.x + bar.width, `${side} ${width}`).toBeLessThanOrEqual(mark.x);
      }
      if (width === 1000) await page.screenshot({ path: join(pictures, 'mark.png') });
      await go({});
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('the cache: what is computed again is lit', async () => {
    await go({ step: 3 });
    expect(await page.locator('.side.inference .passes .recomputed').count()).toBe(0);
    expect(await page.locator('.side.inference .passes .fromCache').count()).toBe(6 + 7);
    await page.getByRole('switch', { name: 'KV cache' }).click();
    await expectState({ step: 3, useCache: false });
    expect(await page.locator('.side.inference .passes .recomputed').count()).toBe(6 + 7);
    await page.locator('[data-panel="cache"]').click();
    expect(await text('#cache-sum')).toBe('Positions computed up to here: 21; again: 13.');
  });

  test('a batch of two: a second prompt, and four mistakes', async () => {
    await page.locator('[data-panel="batch"]').click();
    await page.click('#try-batch');
    const batch = { panel: 'batch', secondPrompt: 'The bug', step: 3 } as const;
    await expectState(batch);
    expect(await page.locator('.batch .chip.padding').count()).toBe(4);
    for (const padding of STATE_CHOICES.padding) {
      await page.locator(`input[data-name="padding"][value="${padding}"]`).check();
      await expectState({ ...batch, padding });
      const chosen = page.locator('tr.selected [data-of$="probabilities"]');
      const error = Number(await chosen.getAttribute('data-value'));
      if (padding === 'correct') expect(error).toBeLessThan(1e-5);
      else expect(error).toBeGreaterThan(0.04);
    }
  });

  test('dropout left on: three answers instead of one', async () => {
    await page.locator('[data-panel="dropout"]').click();
    const answers = () =>
      page.locator('tr[data-word] [data-of]').evaluateAll((all) =>
        all.map((each) => each.getAttribute('data-value'))
      );
    await expectState({ panel: 'dropout' });
    expect(new Set((await answers()).slice(0, 3)).size).toBe(1);
    await page.getByRole('switch', { name: 'Leave dropout on' }).click();
    await expectState({ panel: 'dropout', dropout: true });
    expect(new Set((await answers()).slice(0, 3)).size).toBe(3);
  });

  test('eight tokens: another example, with its own texts', async () => {
    await page.getByLabel('Example').selectOption('eight-tokens');
    await waitFor(page, 'example=eight-tokens');
    await page.click('#step');
    await expect.poll(() => text('.context')).toContain('deep');
    await page.locator('[data-panel="vectors"]').click();
    await expect.poll(() => page.locator('.eight').count()).toBe(1);
    expect(await page.locator('.eight [data-of="eightTokens.given.1.0"]').innerText()).toBe('0.52');
  });

  test('the language is chosen, and the page says which it is', async () => {
    for (
      const [language, title] of [['zh', '训练与推理的对比'], [
        'de',
        'Training und Inferenz im Vergleich',
      ]] as const
    ) {
      await page.locator('select[name="language"]').selectOption(language);
      await expectState({ language });
      expect(await text('h1')).toBe(title);
      expect(await page.evaluate(() => document.documentElement.lang)).toMatch(language);
    }
  });

  test('a text is read, and an unknown word is named with the nearest known one', async () => {
    const field = page.locator('input[name="prompt"]');
    await field.fill('The agent opened a pull reqest');
    await field.press('Enter');
    const problem = page.locator('.side.inference [role="alert"]');
    expect(await problem.innerText()).toMatch(/reqest.*request/);
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await addressOf(page)).toBe('');
    await field.fill('The agents');
    await field.press('Enter');
    await expectState({ prompt: 'The agents' });
    expect(await problem.count()).toBe(0);
    await page.locator('input[name="sentence"]').fill('The tests failed on Friday.');
    await page.locator('.side.training form button').click();
    await expectState({ prompt: 'The agents', sentence: 'The tests failed on Friday.' });
  });

  test('a link leads there, and back and forward lead on', async () => {
    const link = await open();
    const address = toAddress({ ...usual, step: 3, panel: 'beams', numBeams: 4 });
    await link.goto(`${started.url}#${address}`);
    await waitFor(link, address);
    await link.click('#back');
    const before = toAddress({ ...usual, step: 2, panel: 'beams', numBeams: 4 });
    await waitFor(link, before);
    await link.goBack();
    await waitFor(link, address);
    await link.goForward();
    await waitFor(link, before);
    expect(await addressOf(link)).toBe(before);
    await link.close();
  });

  test('a broken link gets a sentence and a way on', async () => {
    const link = await open();
    await link.goto(`${started.url}#stepp=3&language=de`);
    const banner = link.locator('.banner');
    await link.locator('main[data-shown="language=de"]').waitFor();
    expect(await banner.innerText()).toMatch(
      /^Dieser Link führt nirgendwohin\. Er enthält „stepp“; vielleicht ist „step“ gemeint\. Die/,
    );
    await link.click('#go-on');
    await expect.poll(() => banner.count()).toBe(0);
    expect(await addressOf(link)).toBe('language=de');
    await link.close();
  });

  test('all of it works with the keyboard alone', async () => {
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    const focus = (): Promise<string> =>
      page.evaluate(() => {
        const { id, name, role, tagName } = document.activeElement as HTMLInputElement;
        return name || (id && !id.startsWith('P') ? id : role ?? tagName);
      });
    /** Presses Tab until the focus is there. */
    const tabTo = async (wanted: string): Promise<void> => {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab');
        if (await focus() === wanted) return;
      }
      throw new Error(`Tab does not reach ${wanted}`);
    };
    await tabTo('causal');
    await page.keyboard.press('Space');
    await expectState({ causal: false });
    await page.keyboard.press('Space');
    await expectState({});
    await tabTo('option');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await expectState({ position: 1 });
    await expect.poll(() => text('#said')).toBe('Position 1, “agent”: loss 0.91 nats.');
    await tabTo('train-step');
    await page.keyboard.press('Enter');
    await expectState({ position: 1, trainingSteps: 1 });
    await tabTo('step');
    await page.keyboard.press('Enter');
    await expectState({ position: 1, trainingSteps: 1, step: 1 });
    await expect.poll(() => text('#said')).toBe('Pass 1: “for” chosen with 18.0%.');
  });

  test('what is pointed at lights up everywhere', async () => {
    await go({ step: 2 });
    const lit = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('[data-at], [data-key], [data-word]')].filter((each) =>
          getComputedStyle(each).getPropertyValue('--lit') !== ''
          && getComputedStyle(each.parentElement!).getPropertyValue('--lit') === ''
        ).map((each) => each.getAttribute('class') ?? each.tagName)
      );
    await page.locator('.pass-rows li').nth(3).hover();
    const names = (await lit()).join(' ');
    for (const part of ['row', 'chip prompt', 'fromCache', 'rect']) expect(names).toContain(part);
    await page.locator('.side.inference .distribution li').first().hover();
    expect((await lit()).join(' ')).toMatch(/chip/);
  });

  test('reports nothing, and asks no other host', () => {
    expect(troubles).toEqual([]);
    const hosts = [...requested].filter((each) => each.startsWith('http')).map((each) =>
      new URL(each).host
    );
    expect(new Set(hosts)).toEqual(new Set([new URL(started.url).host]));
  });

  test('works from a disk, without any network', async () => {
    const fromDisk = await open();
    await fromDisk.context().setOffline(true);
    await fromDisk.goto(pathToFileURL(join(EXPLAINER, 'index.html')).href);
    await waitFor(fromDisk, '');
    await show(fromDisk, { ...usual, causal: false, step: 2 });
    await fromDisk.click('#back');
    await waitFor(fromDisk, toAddress({ ...usual, causal: false, step: 1 }));
    expect(fromAddress(await addressOf(fromDisk)).state.step).toBe(1);
    expect(troubles).toEqual([]);
    await fromDisk.close();
  });
});
