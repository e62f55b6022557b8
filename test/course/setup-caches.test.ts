import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../lib/course/setup/paths.mjs';

test('TypeScript is loaded also where nothing can be written into .cache', () => {
  const folder = mkdtempSync(join(tmpdir(), 'caches-'));
  writeFileSync(join(folder, '.cache'), 'no folder');
  writeFileSync(join(folder, 'x.ts'), 'export const x: number = 41 + 1;');
  const hook = join(root, 'lib', 'course', 'kernel', 'typescript-hook.cjs');
  const code = `require(${JSON.stringify(hook)}).install(${JSON.stringify(folder)});
    console.log(require(${JSON.stringify(join(folder, 'x.ts'))}).x);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect(stderr).toBe('');
  expect(stdout).toBe('42\n');
});
