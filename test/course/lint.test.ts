import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { root } from '../../lib/course/setup/paths.mjs';
import { lineOf } from '../../lib/course/style/finding';
import { PARTS } from '../../lib/course/style/lint';
import { wideLines } from '../../lib/course/style/width';

describe('npm run lint', () => {
  it.each(Object.entries(PARTS))('has no findings in its part %s', async (_, part) => {
    expect((await part()).map(lineOf)).toEqual([]);
  }, 300_000);

  it('names the line and the columns of what is too wide', () => {
    const [first, ...others] = wideLines(['package-lock.json']).map(lineOf);
    expect(first).toMatch(/^package-lock\.json:\d+: \d{3} columns wide, 100 at most$/);
    expect(others.length).toBeGreaterThan(0);
  });
});

describe.each(['lint', 'format'])('the program %s', (program) => {
  const run = (option: string): { status: number | null; output: string } => {
    const args = [require.resolve('tsx/cli'), `lib/course/style/${program}.ts`, option];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root,
      encoding: 'utf8' });
    return { status, output: stdout + stderr };
  };

  it('shows its options and changes nothing with --help', () => {
    const { status, output } = run('--help');
    expect(status).toBe(0);
    expect(output).toMatch(new RegExp(`^npm run ${program} `));
  });

  it('refuses an unknown option in a sentence', () => {
    const { status, output } = run('--fix');
    expect(status).toBe(1);
    expect(output).toMatch(/Problem: Unknown option '--fix'\.\nNext step: /);
  });
});
