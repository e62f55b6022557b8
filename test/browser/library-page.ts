/** Builds the pages of library.test.ts, serves them, and opens them in browsers. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync,
  writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { build, type Plugin } from 'vite';
import { scratch } from '../../lib/course/setup/scratch';
import { root } from '../../lib/course/setup/paths.mjs';
import { servePage } from '../../lib/course/site/server';

/** What a page may read besides its own code. */
const FILES = [
  'data/checkpoints/pull-requests',
  'data/corpus',
  'data/eight-tokens',
  'data/fixtures',
  'lib/tensor/fast/kernels.wasm',
  'node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm',
  'node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
];

/**
 * Tests run in a page as they are, and import the library from its one door: here without the
 * exercises, which belong to notebooks.
 */
const withoutExercises: Plugin = {
  name: 'without-exercises',
  enforce: 'pre',
  transform: (code, id) =>
    id.endsWith('/lib/index.ts')
      ? code.replace(/^export .* from '\.\/exercises\/.*$/gm, '')
      : undefined,
};

/** Bundles the pages into `folder`, beside the files and a list of them. */
export async function buildPages(folder: string): Promise<void> {
  const pages = join(__dirname, 'page');
  await build({
    root: pages,
    configFile: false,
    base: './',
    logLevel: 'warn',
    plugins: [withoutExercises],
    resolve: { alias: { vitest: join(pages, 'vitest.ts') } },
    build: { outDir: folder, emptyOutDir: true, target: 'es2022', modulePreload: false,
      chunkSizeWarningLimit: 2000,
      rollupOptions: { input: [join(pages, 'index.html'), join(pages, 'answer.html')] } },
  });
  const isFile = (path: string): boolean => statSync(join(root, path)).isFile();
  const inside = (path: string): string[] =>
    readdirSync(join(root, path), { recursive: true, encoding: 'utf8' }).map((name) =>
      posix.join(path, name.replaceAll('\\', '/'))
    );
  const files = FILES.flatMap((path) => (isFile(path) ? [path] : inside(path).filter(isFile)));
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  writeFileSync(join(folder, 'files.json'), JSON.stringify(files));
}

export interface Served {
  url: string;
  close(): Promise<void>;
}

/** Serves `folder`; `isolated`: with the headers that let the threads of a page share memory. */
export async function serve(folder: string, { isolated = false } = {}): Promise<Served> {
  const headers: Record<string, string> = isolated
    ? { 'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp' }
    : {};
  return servePage({ port: 0, folder, headers });
}

/** Milliseconds for a browser or a page to start: a machine busy with other work needs many. */
const PATIENCE = 100_000;

/** A browser of the tests: `chrome` is Chromium, Chrome or Edge. */
export type Kind = 'chrome' | 'firefox';

/** Starts a browser with a home and a profile of its own; both are removed when it closes. */
export async function launch(
  kind: Kind,
  executablePath: string,
  args: readonly string[] = [],
): Promise<Browser> {
  const home = scratch('browser');
  const own = kind === 'chrome' ? ['--no-sandbox', '--disable-gpu', '--no-first-run'] : [];
  const browser = await puppeteer.launch({
    browser: kind,
    executablePath,
    headless: true,
    timeout: PATIENCE,
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
    args: [...own, ...args],
  });
  browser.on('disconnected', () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  return browser;
}

/** An open page, with what it has printed and thrown, and the addresses that it has requested. */
export interface Opened {
  page: Page;
  said: string[];
  requested: string[];
}

/** Opens `url` and waits until the page has put `name` on its global object. */
export async function open(browser: Browser, url: string, name: string): Promise<Opened> {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  const [said, requested]: string[][] = [[], []];
  page.on('console', (message) => said!.push(message.text()));
  page.on('pageerror', (error) => said!.push(String(error)));
  page.on('request', (request) => requested!.push(request.url()));
  await page.goto(url);
  await page.waitForFunction(`'${name}' in globalThis`);
  return { page, said: said!, requested: requested! };
}

const compressed = new Map<string, number>();

/** Bytes of the files that a page has requested from `folder`, compressed by Brotli. */
export function compressedBytes(
  folder: string,
  { url }: Served,
  requested: readonly string[],
): number {
  let total = 0;
  for (const each of new Set(requested.filter((each) => each.startsWith(url)))) {
    const file = join(folder, decodeURIComponent(new URL(each).pathname));
    if (!compressed.has(file)) compressed.set(file, brotliCompressSync(readFileSync(file)).length);
    total += compressed.get(file)!;
  }
  return total;
}
