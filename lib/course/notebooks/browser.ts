/** Starts the reader's Chromium: for the still pictures of plots and for the browser test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { findBrowser, howToGetABrowser } from '../setup/find-browser.mjs';

/**
 * Starts a headless browser with a home and a profile of its own; both are removed when it closes.
 * @throws Error if no browser is found
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined)
    throw new Error(`No Chromium browser was found. ${howToGetABrowser}`);
  const home = mkdtempSync(join(tmpdir(), 'course-browser-'));
  const remove = (): void => rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  try {
    const browser = await chromium.launch({
      executablePath,
      headless: true,
      env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    browser.on('disconnected', remove);
    return browser;
  } catch (error) {
    remove();
    throw error;
  }
}
