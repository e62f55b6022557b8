/**
 * The files that have a style: those that git knows or would know, so that no folder has to be
 * named twice.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..', '..', '..');

/**
 * Paths of the code in lib, test, data and the dot folders, from the folder of package.json.
 * @throws Error without git
 */
export function codeFiles(): string[] {
  const listed = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (listed.status !== 0)
    throw new Error(
      `git cannot list the files of ${root}: ${listed.stderr || String(listed.error)}`,
    );
  return listed.stdout.split('\n').filter((file) =>
    /\.[cm]?[jt]s$/.test(file) && existsSync(join(root, file))
  );
}
