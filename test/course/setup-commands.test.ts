import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { root } from '../../lib/course/setup/paths.mjs';

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const programs: [name: string, ...parts: string[]][] = [
  ...Object.entries(scripts)
    .filter(([, command]) => /^(node|tsx) /.test(command))
    .map(([name, command]) => [`npm run ${name}`, ...command.split(' ').slice(1)] as const)
    .map(([name, ...parts]) => [name, ...parts] as [string, ...string[]]),
  ['data/corpus/make.ts', 'data/corpus/make.ts'],
  ['data/eight-tokens/make.ts', 'data/eight-tokens/make.ts'],
];

function run(parts: readonly string[], option: string): { status: number | null; output: string } {
  const loader = parts[0]?.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const env = { ...process.env };
  delete env['VITEST'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...loader, ...parts, option], {
    cwd: root,
    encoding: 'utf8',
    env,
  });
  return { status, output: stdout + stderr };
}

describe.each(programs)('%s', (_, ...parts) => {
  test('says with --help how it is used', () => {
    const { status, output } = run(parts, '--help');
    expect(output).toMatch(/^(npm|npx) /);
    expect(status).toBe(0);
  });

  test('refuses an option that it does not know, and does nothing', () => {
    const { status, output } = run(parts, '--unheard-of');
    expect(output).toMatch(/Unknown option.*--unheard-?[oO]f/);
    expect(status).toBe(1);
  });
});

test('npm run train leaves the checkpoint alone where a setting changes its numbers', () => {
  vi.stubEnv('COURSE_FMA', '1');
  const { status, output } = run(['data/checkpoints/make.ts'], '--steps=4000');
  vi.unstubAllEnvs();
  expect(output).toContain('COURSE_FMA is set, so the checkpoint would not be that of the course.');
  expect(status).toBe(1);
});

test('npm run train refuses a number of steps that is none', () => {
  const { status, output } = run(['data/checkpoints/make.ts'], '--steps=many');
  expect(output).toContain('--steps must be an integer of at least 1, got many.');
  expect(status).toBe(1);
});
