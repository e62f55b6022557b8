/**
 * `npm test [-- FILTER …]`: installs what is missing, runs the tests, and ends with one line that
 * counts them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { install } from './install.mjs';
import { cache, jupyterEnvironment, root } from './places.mjs';
import { program } from './trouble.mjs';

/**
 * What test/reporter.ts writes.
 * @typedef {{ passed: number, failed: number, skipped: number, browserless: string[] }} Count
 */

program(async () => {
  try {
    await install();
  } catch (error) {
    process.on('exit', () => console.log('0 passed, 1 failed'));
    throw error;
  }
  const file = join(cache, 'test-count.json');
  mkdirSync(cache, { recursive: true });
  rmSync(file, { force: true });
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const options = [
    'run',
    '--config',
    join('test', 'vitest.config.ts'),
    '--reporter=default',
    '--reporter=./test/reporter.ts',
  ];
  const run = spawnSync(process.execPath, [vitest, ...options, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...jupyterEnvironment(), COURSE_TEST_COUNT: file },
  });
  /** @type {Count} */
  const count = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { passed: 0, failed: 0, skipped: 0, browserless: [] };
  if (run.signal || !existsSync(file))
    console.log(`The tests ended before they were counted (${run.signal ?? run.status}).`);
  if (count.browserless.length > 0) sayBrowserless(count);
  // An error outside every test, or an end before the first one, is a failure too.
  if (run.status !== 0 && count.failed === 0) count.failed = 1;
  const skipped = count.skipped ? `, ${count.skipped} skipped` : '';
  console.log(`${count.passed} passed, ${count.failed} failed${skipped}`);
  return count.failed > 0 ? 1 : 0;
});

/** @param {Count} count */
function sayBrowserless(count) {
  console.log('These tests need a browser, and none was found:');
  for (const name of count.browserless) console.log(`  ${name}`);
  console.log(
    'Install Chromium or Chrome (apt install chromium, brew install --cask chromium, winget install',
  );
  console.log('Google.Chrome), or set COURSE_BROWSER to the path of one, then run npm test again.');
  if (!process.env.CI || process.env.CI === 'false') return;
  console.log('CI is set, so they count as failed.');
  count.skipped -= count.browserless.length;
  count.failed += count.browserless.length;
}
