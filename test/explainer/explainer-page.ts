/** Opens the explainer in a browser, and reads out of it what it shows. */
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../lib/course/notebooks/browser';
import { buildIfNeeded } from '../../lib/course/site/build';
import { servePage } from '../../lib/course/site/server';
import { toAddress } from '../../lib/explainer/address';
import { Models } from '../../lib/explainer/engine/models';
import { COMPUTE, viewsFor } from '../../lib/explainer/page/use-views';
import type { State } from '../../lib/explainer/state';

/** The part of a page of Playwright and of Puppeteer that both have. */
export interface AnyPage {
  evaluate(script: string): Promise<unknown>;
}

/** A number that the page shows: where it is among the views, all its bits, and its text. */
export interface ShownNumber {
  of: string;
  value: string;
  text: string;
}

/** The explainer, served, and a browser for it. */
export interface Started<B> {
  browser: B;
  url: string;
  close(): Promise<void>;
}

/** Builds the page if it is not there, serves it, and starts a browser: Chromium by default. */
export function startExplainer(): Promise<Started<Browser>>;
export function startExplainer<B extends Closable>(launch: () => Promise<B>): Promise<Started<B>>;
export async function startExplainer(
  launch: () => Promise<Closable> = launchBrowser,
): Promise<Started<Closable>> {
  await buildIfNeeded();
  const served = await servePage({ port: 0 });
  const browser = await launch();
  return { browser, url: served.url, close: async () => {
    await browser.close();
    await served.close();
  } };
}

interface Closable {
  close(): Promise<void>;
}

const PATIENCE = 120_000;

/** Waits until the page shows a state, given by its address, and is at this address. */
export async function waitFor(page: AnyPage, address: string): Promise<void> {
  const last = await page.evaluate(`new Promise((resolve) => {
    const address = ${JSON.stringify(address)};
    const end = performance.now() + ${PATIENCE};
    const look = () => {
      const whole = !document.querySelector('[data-whole="false"]');
      const shown = whole ? document.querySelector('main')?.dataset.shown : undefined;
      const isThere = shown === address && location.hash.slice(1) === address;
      if (isThere || performance.now() > end) resolve(shown);
      else setTimeout(look, 10);
    };
    look();
  })`);
  const at = await addressOf(page);
  if (last === address && at === address) return;
  throw new Error(`the page shows "${String(last)}" at "${at}", not "${address}"`);
}

/** Leads the open page to a state, as a link in it would. */
export async function show(page: AnyPage, state: State): Promise<void> {
  const address = toAddress(state);
  await page.evaluate(`location.hash = ${JSON.stringify(address)}; undefined`);
  await waitFor(page, address);
}

/** The address that the page is at, without `#`. */
export const addressOf = async (page: AnyPage): Promise<string> =>
  (await page.evaluate('location.hash.slice(1)')) as string;

/** All numbers that the page shows. */
export const numbersOf = async (page: AnyPage): Promise<ShownNumber[]> =>
  (await page.evaluate(`[...document.querySelectorAll('[data-of]')].map((each) => ({
    of: each.dataset.of, value: each.dataset.value,
    text: each.classList.contains('num') ? each.textContent : '' }))`)) as ShownNumber[];

const models = new Models();

/** What the engine computes in Node for a state, by the names that the page uses. */
export async function viewsInNode(state: State): Promise<Record<string, unknown>> {
  const views: Record<string, unknown> = {};
  for (const name of viewsFor(state)) views[name] = await COMPUTE[name](models, state);
  return views;
}

/** The number at a path such as `training.positions.3.loss`. */
export const at = (views: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | null | undefined)?.[key],
    views,
  );

/**
 * The shown numbers that are not those of the engine, to the last bit; measured milliseconds aside,
 * which must only be numbers.
 */
export function differences(shown: readonly ShownNumber[], views: unknown): string[] {
  return shown.filter(({ of, value }) => {
    const expected = at(views, of);
    if (of.endsWith('.milliseconds')) return !(Number(value) >= 0 && typeof expected === 'number');
    return typeof expected !== 'number' || !Object.is(Number(value), expected + 0);
  }).map(({ of, value }) =>
    `${of}: the page shows ${value}, the engine has ${String(at(views, of))}`
  );
}

/** The texts, in English, that are not their numbers rounded to the last digit shown. */
export function wronglyRounded(shown: readonly ShownNumber[]): string[] {
  return shown.filter(({ value, text }) => {
    const [, sign = '', digits = '', unit = ''] = /^(−?)([\d.,]+)(%?)$/.exec(text) ?? [];
    if (digits === '') return false; // an infinity, a power of ten, or shortened
    const decimals = digits.split('.')[1]?.length ?? 0;
    const scale = unit ? 100 : 1;
    const number = Number(digits.replaceAll(',', '')) * (sign ? -1 : 1);
    return Math.abs(number - Number(value) * scale) > 0.5000001 * 10 ** -decimals;
  }).map(({ of, value, text }) => `${of}: ${value} as ${text}`);
}
