import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/**
 * Whether a skipped test was skipped because no browser was found: it is in test/browser/, or the
 * note of its skip says "browser".
 */
function needsBrowser(test: TestCase): boolean {
  const result = test.result();
  const note = result.state === 'skipped' ? result.note ?? '' : '';
  return /browser/i.test(note) || /[\\/]test[\\/]browser[\\/]/.test(test.module.moduleId);
}

/**
 * Counts the tests for the last line of `npm test`; a file that does not load counts as one
 * failure.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const file = process.env.COURSE_TEST_COUNT;
    if (!file) return;
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const having = (state: string): TestCase[] =>
      tests.filter((test) => test.result().state === state);
    const unloaded = modules.filter((module) =>
      module.state() === 'failed' && module.errors().length > 0
    );
    const browserless = having('skipped').filter(needsBrowser).map((test) => test.fullName);
    writeFileSync(
      file,
      JSON.stringify({
        passed: having('passed').length,
        failed: having('failed').length + unloaded.length,
        skipped: tests.length - having('passed').length - having('failed').length,
        browserless,
      }),
    );
  }
}
