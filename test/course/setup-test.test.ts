import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root } from '../../lib/course/setup/paths.mjs';
import { Scratch } from './scratch';

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
  scratch.borrowEnvironment();
  for (const part of ['vitest.config.ts', 'reporter.ts'])
    cpSync(join(root, 'test', part), scratch.path('test', part));
});
afterEach(() => scratch.remove());

function write(file: string, body: string): void {
  mkdirSync(scratch.path('test', file, '..'), { recursive: true });
  writeFileSync(scratch.path('test', file), `import { expect, test } from 'vitest';\n${body}\n`);
}

const lastLine = (output: string): string | undefined => output.trimEnd().split('\n').at(-1);

test('the last line counts, and filters are passed on', async () => {
  write(
    'a/good.test.ts',
    'test("one", () => {}); test("two", () => {}); test.skip("three", () => {});',
  );
  write('b/bad.test.ts', 'test("four", () => { expect(1).toBe(2); });');
  write('b/broken.test.ts', 'throw new Error("does not load");');
  const all = await scratch.run('run-tests');
  expect(lastLine(all.output)).toBe('2 passed, 2 failed, 1 skipped');
  expect(all.code).toBe(1);
  // nbgrader is there before the first test that needs it, or it is said that it is not
  expect(all.output).toMatch(/assignments \(nbgrader\): done|that need nbgrader are skipped/);
  const some = await scratch.run('run-tests', ['test/a']);
  expect(lastLine(some.output)).toBe('2 passed, 0 failed, 1 skipped');
  expect(some.code).toBe(0);
});

test('an error outside every test, and a filter that finds nothing, are failures', async () => {
  write(
    'a/stray.test.ts',
    'test("one", () => { void Promise.reject(new Error("not awaited")); });',
  );
  const stray = await scratch.run('run-tests');
  expect(lastLine(stray.output)).toBe('1 passed, 1 failed');
  expect(stray.code).toBe(1);
  const none = await scratch.run('run-tests', ['test/nowhere']);
  expect(lastLine(none.output)).toBe('0 passed, 1 failed');
  expect(none.code).toBe(1);
});

test('a test that is skipped because no browser was found is named, and fails in CI', async () => {
  write('browser/lab.test.ts', 'test.skip("draws the plot", () => {});');
  write(
    'plots/picture.test.ts',
    'test("makes a picture", (context) => context.skip("no browser was found"));',
  );
  const here = await scratch.run('run-tests');
  // The files run side by side, so the names come in any order.
  const [, names = ''] = /need a browser[^\n]*\n([^]*)COURSE_BROWSER/.exec(here.output) ?? [];
  expect(names).toContain('draws the plot');
  expect(names).toContain('makes a picture');
  expect(lastLine(here.output)).toBe('0 passed, 0 failed, 2 skipped');
  expect(here.code).toBe(0);
  const ci = await scratch.run('run-tests', [], { CI: 'true' });
  expect(lastLine(ci.output)).toBe('0 passed, 2 failed');
  expect(ci.code).toBe(1);
});
