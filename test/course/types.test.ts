import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(__dirname, '..', '..');

function check(project: string): string {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  return spawnSync(process.execPath, [tsc, '--project', project, '--noEmit'], { cwd: root,
    encoding: 'utf8' }).stdout;
}

test('the project has no type errors', () => {
  expect(check('.')).toBe('');
});

test('the programs that run before anything is installed have no type errors', () => {
  expect(check(join('lib', 'course', 'setup'))).toBe('');
});
