/** Folders of a program's own, which outlive it only until the next one. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../../base/write-file';
import { cache } from './paths.mjs';

/**
 * Makes a new folder in the repository's `.cache/`, and removes those of this name that killed
 * processes have left.
 */
export function scratch(name: string): string {
  mkdirSync(cache, { recursive: true });
  for (const other of readdirSync(cache)) {
    const [, owner, pid] = /^(.+)-(\d+)-\w{6}$/.exec(other) ?? [];
    if (owner === name && !isRunning(Number(pid)))
      rmSync(join(cache, other), { recursive: true, force: true, maxRetries: 5 });
  }
  return mkdtempSync(join(cache, `${name}-${process.pid}-`));
}
