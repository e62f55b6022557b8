/** The explainer in Chromium: what it loads, how soon it answers, and how smoothly it plays. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { toAddress } from '../../explainer/address';
import { defaultState } from '../../explainer/state';
import { launchBrowser } from '../notebooks/browser';
import { buildIfNeeded } from '../site/build';
import { EXPLAINER, servePage } from '../site/server';
import { type BenchRow, median, row } from './rows';

/** Pages that are loaded, runs that are played, and sentences that are read. */
const [LOADS, RUNS] = [5, 3];
const SENTENCES = [
  'The agent opened a pull request',
  'The agents wrote new tests on Friday',
  'The reviewer merged the change',
  'The tests passed on Monday',
  'The pull request was merged',
  'The agent waited for help',
  'The reviewers approved the change',
];

/** How many times slower the processor is made for the second measurement of frames. */
const SLOWED = 4;

export async function explainerRows(): Promise<BenchRow[]> {
  await buildIfNeeded();
  const { url, close } = await servePage({ port: 0 });
  const browser = await launchBrowser();
  try {
    const { bytes, milliseconds } = await loads(browser, url);
    const passes = await passTimes(browser, url);
    const rest = await longestAtRest(browser, url);
    const frames = await longestFrames(browser, url, 1);
    const slowed = await longestFrames(browser, url, SLOWED);
    const seconds = milliseconds.map((ms) => ms / 1000);
    return [
      against('over the wire for the first answer', 'MB', [bytes / 1e6], 2, 1),
      against('from load to the first answer', 's', seconds, 2, 1),
      against('a pass of the little model', 'ms', passes, 10, 5),
      row('explainer', 'longest frame at rest (other work on this machine)', 'ms', rest),
      against('longest frame while playing', 'ms', frames, 33, 16),
      against(`the same, processor ${SLOWED} times slower`, 'ms', slowed, 66, 33),
    ];
  } finally {
    await browser.close();
    await close();
  }
}

/** A line of the result: less is better. */
const against = (
  name: string,
  unit: string,
  values: readonly number[],
  bar: number,
  goal: number,
): BenchRow =>
  row('explainer', name, unit, values, { with: `${unit} (less is better)`, value: median(values),
    bar, goal });

/** Opens the page at the beginning in a browser context of its own, and waits for all of it. */
async function open(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(url);
  await page.waitForSelector('main[data-shown]');
  return page;
}

/** Bytes of all files that the first answer needs, by Brotli; times from the request to it. */
async function loads(
  browser: Browser,
  url: string,
): Promise<{ bytes: number; milliseconds: number[] }> {
  const milliseconds: number[] = [];
  const requested = new Set<string>();
  for (let round = 0; round < LOADS; round++) {
    const page = await browser.newPage();
    page.on('request', (request) => requested.add(request.url()));
    await page.goto(url);
    await page.waitForSelector('main[data-shown]');
    milliseconds.push(
      await page.evaluate(() => performance.getEntriesByName('shown')[0]!.startTime),
    );
    await page.close();
  }
  const files = [...requested].filter((each) => each.startsWith(url)).map((each) =>
    new URL(each).pathname.replace(/\/$/, '/index.html')
  );
  const sizes = files.map((file) => brotliCompressSync(readFileSync(join(EXPLAINER, file))).length);
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), milliseconds };
}

/** Milliseconds of the one pass over each sentence, as the page's counter shows them. */
async function passTimes(browser: Browser, url: string): Promise<number[]> {
  const page = await open(browser, url);
  const times: number[] = [];
  for (const sentence of SENTENCES) {
    const address = toAddress({ ...defaultState(), sentence: `${sentence} .` });
    await page.evaluate((hash) => void (location.hash = hash), address);
    await page.waitForSelector(`main[data-shown="${address}"]`);
    const counter = page.locator('[data-of="counter.training.milliseconds"]');
    times.push(Number(await counter.getAttribute('data-value')));
  }
  await page.close();
  return times;
}

/** Scripts, because the page lacks what tsx adds to functions. */
const WATCH = `frameTimes = [];
  (function note(time) { frameTimes.push(time); requestAnimationFrame(note); })(performance.now())`;
const LONGEST = `Math.max(...frameTimes.slice(2).map((time, i) => time - frameTimes[i + 1]))`;

/** The longest time between two frames while the page does nothing: the machine's own share. */
async function longestAtRest(browser: Browser, url: string): Promise<number[]> {
  const page = await open(browser, url);
  const longest: number[] = [];
  for (let round = 0; round < RUNS; round++) {
    await page.evaluate(WATCH);
    await page.waitForTimeout(2000);
    longest.push(await page.evaluate(LONGEST));
  }
  await page.close();
  return longest;
}

/** The longest time between two frames of each run that is played from its beginning to its end. */
async function longestFrames(browser: Browser, url: string, slower: number): Promise<number[]> {
  const page = await open(browser, url);
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  const longest: number[] = [];
  for (let round = 0; round < RUNS; round++) {
    await page.evaluate(WATCH);
    await page.click('#play');
    await page.waitForSelector('#step[aria-disabled="true"]', { timeout: 60_000 });
    longest.push(await page.evaluate(LONGEST));
    await page.click('#restart');
    await page.waitForSelector('#step[aria-disabled="false"]');
  }
  await page.close();
  return longest;
}
