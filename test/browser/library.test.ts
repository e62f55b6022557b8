/**
 * The library in a page of a browser: the same files of lib as in Node, and the same numbers, bit
 * for bit. The tests against Hugging Face's numbers run in the page as well.
 */
import { rmSync } from 'node:fs';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scratch } from '../../lib/course/setup/scratch';
import { findBrowser, findFirefox, howToGetABrowser,
  howToGetFirefox } from '../../lib/course/setup/find-browser.mjs';
import { inCI } from '../../lib/course/setup/program.mjs';
import { exactJson } from './exact-json';
import { buildPages, compressedBytes, type Kind, launch, open, type Opened, serve,
  type Served } from './library-page';
import type { TestResult } from './page/vitest';
import * as scenarios from './scenarios';

type Scenario = keyof typeof scenarios;

const CHROMIUM = { kind: 'chrome', path: findBrowser(), advice: howToGetABrowser } as const;
const FIREFOX = { kind: 'firefox', path: findFirefox(), advice: howToGetFirefox } as const;
const BROWSERS = [CHROMIUM, FIREFOX] as const;

// Without a browser: skipped on a reader's machine, a failure in CI.
for (const { kind, path, advice } of BROWSERS) {
  test.skipIf(!path && !inCI)(`there is a browser of the kind ${kind}`, () => {
    expect(path, advice).toBeDefined();
  });
  if (!path) console.log(`Skipped: the library in ${kind}. ${advice}`);
}

const found = BROWSERS.filter(({ path }) => path);

// Limits that a machine busy with other work keeps, too.
describe.skipIf(found.length === 0)('the library in a browser', () => {
  const folder = scratch('library-page');
  const toClose: { close(): Promise<void> }[] = [];
  let plain: Served;
  let isolated: Served;
  const expected = new Map<Scenario, unknown>();

  /** What Node computes. */
  const inNode = async (name: Scenario): Promise<unknown> => {
    if (!expected.has(name)) expected.set(name, JSON.parse(exactJson(await scenarios[name]())));
    return expected.get(name);
  };
  const inPage = async ({ page }: Opened, name: Scenario): Promise<unknown> =>
    JSON.parse(await page.evaluate(`library.run('${name}')`) as string);
  const start = async (kind: Kind, args: readonly string[] = []): Promise<Browser> => {
    const { path } = BROWSERS.find((each) => each.kind === kind)!;
    const browser = await launch(kind, path!, args);
    toClose.push(browser);
    return browser;
  };

  beforeAll(async () => {
    await buildPages(folder);
    toClose.push(plain = await serve(folder));
    toClose.push(isolated = await serve(folder, { isolated: true }));
  }, 120_000);
  afterAll(async () => {
    for (const each of toClose.reverse()) await each.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  describe.each(found)('$kind', ({ kind }) => {
    let browser: Browser;
    let opened: Opened;
    beforeAll(async () => {
      browser = await start(kind);
      opened = await open(browser, plain.url, 'library');
    }, 120_000);

    test.each(Object.keys(scenarios) as Scenario[])('%s: the bits of Node', async (name) => {
      expect(await inPage(opened, name)).toEqual(await inNode(name));
    });

    test('the numbers of Hugging Face transformers and PyTorch, in all tests', async () => {
      const results = await opened.page.evaluate('library.parity()') as TestResult[];
      expect(results.filter(({ state }) => state !== 'pass')).toEqual([]);
      expect(results.length).toBeGreaterThan(250);
    });

    test('files are read, not written, and a missing one is named', async () => {
      const { page } = await open(browser, plain.url, 'library');
      expect(await page.evaluate('library.refusals()')).toEqual([
        'a page in a browser has no folder models/mine; Node has',
        'this page was given no files of models/mine, and downloads no models',
        'this page was given no package gpt-tokenizer/cjs/encoding/r50k_base',
        'this page was given no file notes.txt',
        'gone.txt could not be read from <its address>: the server answers 404',
      ]);
      await page.close();
    });

    test('nothing is printed, and nothing comes from another host', () => {
      expect(opened.said).toEqual([]);
      const hosts = opened.requested.map((each) => new URL(each)).filter(({ protocol }) =>
        protocol.startsWith('http')
      ).map(({ host }) => host);
      expect([...new Set(hosts)]).toEqual([new URL(plain.url).host]);
    });

    test('two threads where memory can be shared: the same bits', async () => {
      const { page, said } = await open(browser, isolated.url, 'library');
      await page.evaluate("library.set('COURSE_THREADS', '2')");
      expect(await page.evaluate('library.threads()')).toEqual({ threads: 2, workers: 0 });
      const one = await inPage({ page, said, requested: [] }, 'largeTraining');
      await page.waitForFunction('library.threads().then(({ workers }) => workers === 1)');
      const two = await inPage({ page, said, requested: [] }, 'largeTraining');
      expect([one, two]).toEqual([await inNode('largeTraining'), await inNode('largeTraining')]);
      expect(said).toEqual([]);
      await page.close();
    });

    test('a second thread is not used where memory cannot be shared', async () => {
      const { page } = await open(browser, plain.url, 'library');
      await page.evaluate("library.set('COURSE_THREADS', '2')");
      expect(await page.evaluate('library.threads()')).toEqual({ threads: 1, workers: 0 });
      await page.close();
    });

    test('the first answer takes less than 1 MB over the wire', async () => {
      const { page, requested } = await open(browser, `${plain.url}answer.html`, 'answer');
      const { text, milliseconds, pass } = await page.evaluate('answer') as Record<string, unknown>;
      expect(text).toMatch(/^The agent opened a pull request \w+/);
      const bytes = compressedBytes(folder, plain, requested);
      console.log(
        `${kind}: ${bytes} bytes, first answer after ${String(milliseconds)} ms, `
          + `a pass ${String(pass)} ms`,
      );
      expect(bytes).toBeGreaterThan(400_000); // the model alone
      expect(bytes).toBeLessThan(1_000_000);
      await page.close();
    });
  });

  // V8's flag for processors without SSE 4.1, whose WebAssembly has no SIMD.
  describe.skipIf(!CHROMIUM.path)('where WebAssembly has no SIMD', () => {
    test("TensorFlow.js's own kernels compute the same to rounding, which is said", async () => {
      const browser = await start('chrome', ['--js-flags=--no-enable-sse4-1']);
      const opened = await open(browser, plain.url, 'library');
      const { backend } = await inPage(opened, 'logits') as { backend: string };
      expect(backend).toBe('wasm');
      const results = await opened.page.evaluate('library.parity()') as TestResult[];
      expect(results.filter(({ state }) => state !== 'pass')).toEqual([]);
      expect(opened.said).toEqual([
        "The fast kernels are off (WebAssembly has no SIMD here); TensorFlow.js's own are used.",
      ]);
    });
  });

  describe.skipIf(!CHROMIUM.path)('where there is no WebAssembly', () => {
    test('plain JavaScript computes the same to rounding, which is said', async () => {
      const browser = await start('chrome');
      const opened = await open(browser, plain.url, 'library');
      await opened.page.evaluate('delete globalThis.WebAssembly');
      const { backend } = await inPage(opened, 'logits') as { backend: string };
      expect(backend).toBe('cpu');
      const { texts } = await inPage(opened, 'decoding') as { texts: unknown[] };
      expect(texts[0]).toEqual((await inNode('decoding') as { texts: unknown[] }).texts[0]);
      expect(opened.said).toEqual([
        'The WebAssembly backend did not start; plain JavaScript is used, 20 times slower.',
      ]);
    });
  });
});
