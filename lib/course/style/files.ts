/** The files that the rules of style apply to: those that git tracks or would track. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/paths.mjs';

/**
 * Paths of all TypeScript and JavaScript, from the folder of package.json.
 * @throws Error without git
 */
export function codeFiles(): string[] {
  const listed = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (listed.status !== 0) {
    const reason = listed.stderr || String(listed.error);
    throw new Error(`git cannot list the files of ${root}: ${reason}`);
  }
  return listed.stdout.split('\n').filter((file) =>
    /\.[cm]?[jt]s$/.test(file) && existsSync(join(root, file))
  );
}
