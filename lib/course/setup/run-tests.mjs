/**
 * `npm test [-- FILTER …]`: installs what is missing, runs the tests, and ends with one line that
 * counts them. Filters and options are vitest's, which refuses unknown ones.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { howToGetABrowser } from './find-browser.mjs';
import { install } from './install.mjs';
import { installAssignmentPackages } from './optional-packages.mjs';
import { cache, jupyterEnvironment, jupyterFolder, root } from './paths.mjs';
import { inCI, runProgram, Trouble } from './program.mjs';

/**
 * The counts that test/reporter.ts writes.
 * @typedef {{ passed: number, failed: number, skipped: number, browserless: string[] }} Count
 */

const USAGE = `npm test                      installs what is missing and runs all tests
npm test -- test/model        only the files whose path has this in it
npm test -- -t attention      only the tests whose name has this in it
Further options are vitest's: npx vitest --help`;

void runProgram(async () => {
  if (process.argv.includes('--help') || process.argv.includes('-h')) {
    console.log(USAGE);
    return 0;
  }
  try {
    await install();
  } catch (error) {
    process.on('exit', () => console.log('0 passed, 1 failed'));
    throw error;
  }
  // Before the first test: those that need nbgrader would be skipped until one has installed it.
  const assignments = await installAssignmentPackages().catch((error) => error);
  if (assignments instanceof Trouble)
    console.log(`${assignments.message} The tests that need nbgrader are skipped.`);
  else if (assignments) throw assignments;
  const file = join(cache, 'test-count.json');
  mkdirSync(jupyterFolder, { recursive: true }); // IPython warns where it is not there
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
  if (count.browserless.length > 0) reportBrowserless(count);
  // An error outside every test, or an end before the first one, is a failure too.
  if (run.status !== 0 && count.failed === 0) count.failed = 1;
  const skipped = count.skipped ? `, ${count.skipped} skipped` : '';
  console.log(`${count.passed} passed, ${count.failed} failed${skipped}`);
  return count.failed > 0 ? 1 : 0;
});

/**
 * Lists the tests that were skipped because no browser was found; in CI they count as failed.
 * @param {Count} count
 */
function reportBrowserless(count) {
  console.log('These tests need a browser, and none was found:');
  for (const name of count.browserless) console.log(`  ${name}`);
  console.log(`${howToGetABrowser} Then run npm test again.`);
  if (!inCI) return;
  console.log('CI is set, so they count as failed.');
  count.skipped -= count.browserless.length;
  count.failed += count.browserless.length;
}
