/**
 * Vitest in a page: its own runner and its own assertions, without its server. The page's bundle
 * takes this in place of the package.
 */
import { ASYMMETRIC_MATCHERS_OBJECT, GLOBAL_EXPECT, JestAsymmetricMatchers, JestChaiExpect,
  JestExtend, setState } from '@vitest/expect';
import { type File, startTests, type Task } from '@vitest/runner';
import * as chai from 'chai';

export { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } from '@vitest/runner';

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);
export const expect = Object.assign(
  (value: unknown, message?: string) => chai.expect(value, message),
  Reflect.get(globalThis, ASYMMETRIC_MATCHERS_OBJECT) as object,
);
Reflect.set(globalThis, GLOBAL_EXPECT, expect);
setState({}, expect as never);

/** The result of one test. */
export interface TestResult {
  name: string;
  state: string;
  error?: string;
}

/** Runs the tests of `files`, each a function that imports it. */
export async function runTests(
  files: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<TestResult[]> {
  const results = await startTests(Object.keys(files), {
    config: { root: '/', setupFiles: [], passWithNoTests: false,
      sequence: { seed: 0, hooks: 'stack', setupFiles: 'list' }, maxConcurrency: 1,
      testTimeout: 60_000, hookTimeout: 60_000, retry: 0 },
    importFile: (path) => files[path]!(),
  });
  return results.flatMap(resultsOf);
}

function resultsOf(task: Task | File): TestResult[] {
  const { state = task.mode, errors } = task.result ?? {};
  const error = errors?.map(({ message }) => message).join('\n');
  const own = task.type === 'test' || error !== undefined
    ? [{ name: task.name, state, error }]
    : [];
  return 'tasks' in task ? [...own, ...task.tasks.flatMap(resultsOf)] : own;
}
