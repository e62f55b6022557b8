/** `npm run site` and `npm run explainer`, as programs. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../lib/course/notebooks/browser';
import { scratch } from '../../lib/course/setup/scratch';
import { findBrowser } from '../../lib/course/setup/find-browser.mjs';
import { root } from '../../lib/course/setup/paths.mjs';

const tsx = require.resolve('tsx/cli');

const run = (program: string, ...args: string[]): { status: number | null; output: string } => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [tsx, `lib/course/site/${program}.ts`, ...args],
    { cwd: root, encoding: 'utf8' },
  );
  return { status, output: stdout + stderr };
};

describe('npm run site', () => {
  const folder = scratch('site');
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  test('writes a folder whose index.html works from a disk, without a server', () => {
    const { status, output } = run('main', '--out', folder);
    expect(output).toBe(
      `${join(folder, 'index.html')} is the explainer: open it, or serve the folder.\n`,
    );
    expect(status).toBe(0);
    expect(readdirSync(folder).sort()).toEqual([
      'explainer.css',
      'explainer.js',
      'files',
      'index.html',
    ]);
  });

  // tsx adds calls of a helper to functions: one that gets into the page would end it here.
  test.skipIf(!findBrowser())('the folder works without WebAssembly, too', async () => {
    const browser = await launchBrowser();
    const page = await browser.newPage();
    await page.addInitScript('delete globalThis.WebAssembly');
    await page.goto(pathToFileURL(join(folder, 'index.html')).href);
    await page.waitForSelector('main[data-shown=""]');
    expect(await page.locator('.banner').count()).toBe(1); // that there is no WebAssembly
    await browser.close();
  });
});

describe('npm run explainer', () => {
  test('serves the page on this machine alone, until it is stopped', async () => {
    // not by tsx itself, which ends a program that is slow to answer to Ctrl-C
    const args = ['--import', 'tsx', 'lib/course/site/explainer.ts', '--no-browser'];
    const child = spawn(process.execPath, args, { cwd: root });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => output += text);
    await expect.poll(() => output, { timeout: 120_000 }).toMatch(/Ctrl-C stops it/);
    const [url] = /http:\S+/.exec(output)!;
    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect(await (await fetch(url)).text()).toContain('<script defer src="explainer.js">');
    child.kill('SIGINT');
    const [status] = await once(child, 'exit') as [number | null];
    expect(status).toBe(0);
    expect(output).toMatch(/The explainer is closed\.\n$/);
  });

  test.each(
    [['main', '--folder', /Unknown option '--folder'/], [
      'explainer',
      '--port=0',
      /The port must be an integer from 1 to 65535, got 0/,
    ]] as const,
  )(
    '%s refuses %s in a sentence',
    (program, option, sentence) => {
      const { status, output } = run(program, option);
      expect(status).toBe(1);
      expect(output).toMatch(sentence);
      expect(output).toMatch(/Next step: Use it like this:\nnpm run (site|explainer)/);
    },
  );
});
