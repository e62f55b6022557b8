/** Whether a built folder is as new as everything that it was built from. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/paths.mjs';

/** What the page is built from. */
const SOURCES = ['lib', 'data/checkpoints', 'data/eight-tokens', 'package-lock.json'];

/** When the file, or the newest file in the folder, was changed. */
function newest(path: string): number {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).reduce(
    (latest, name) => Math.max(latest, statSync(join(path, name)).mtimeMs),
    mtimeMs,
  );
}

/** Whether `built`, the file that is written last, is newer than all sources. */
export const isCurrent = (built: string): boolean =>
  existsSync(built)
  && SOURCES.every((source) => newest(join(root, source)) < statSync(built).mtimeMs);
