/**
 * The files that the rules of style apply to: those that git tracks or would track, and without git
 * those in the folders of code.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/paths.mjs';

/** The folders with code. */
const FOLDERS = ['lib', 'test', 'data', '.config', '.github'];

/** Paths of all TypeScript and JavaScript, from the folder of package.json. */
export function codeFiles(): string[] {
  return (trackedFiles() ?? filesInFolders()).filter((file) =>
    /\.([cm]?[jt]s|tsx)$/.test(file) && existsSync(join(root, file))
  );
}

/** Undefined where there is no git, or no repository, as in a downloaded archive. */
function trackedFiles(): string[] | undefined {
  const listed = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed.status === 0 ? listed.stdout.split('\n') : undefined;
}

function filesInFolders(): string[] {
  return FOLDERS.filter((folder) => existsSync(join(root, folder))).flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      `${folder}/${file.replaceAll('\\', '/')}`
    )
  );
}
