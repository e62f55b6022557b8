/**
 * The files of a checkpoint, written together: at no moment does a folder hold the configuration of
 * one model and the weights of another one, or any other mixture. A page in a browser takes
 * no-disk.ts in place of this file.
 */
import { existsSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkWritable, oneAtATime, removeAbandoned, unfinishedName, writeError,
  writeNew } from '../base/write-file';
import { CONFIG_FILE, type Files, GENERATION_FILE, SAVED } from './model-file-names';

/**
 * Writes `files` into the folder `dir`, in place of those of the same names. They are written into
 * a folder inside `dir` first; the rename of that folder replaces the old files, all at once, and
 * moving its files is completed by the next reader where this process is killed before. A
 * `generation_config.json` of an earlier model goes.
 *
 * Two processes that save into one folder wait for each other at that point, and the folder holds
 * all files of the later one. (Processes of different machines do not see each other.)
 * @throws Error that says why; then what was there is there as before
 */
export async function writeFiles(dir: string, files: Files): Promise<void> {
  const saved = join(dir, SAVED);
  const unfinished = unfinishedName(saved);
  try {
    await mkdir(dir, { recursive: true });
    completeSave(dir);
    for (const name of Object.keys(files)) await checkWritable(join(dir, name));
    removeAbandoned(saved);
    await mkdir(unfinished);
    for (const [name, parts] of Object.entries(files))
      await writeNew(join(unfinished, name), parts);
    oneAtATime(join(dir, 'moving'), () => {
      moveFiles(dir); // of a process that was killed, or has not yet come to it
      renameSync(unfinished, saved);
    });
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
    throw writeError(dir, error);
  }
  completeSave(dir);
}

/** Moves the files of a complete save to their places, if there is one. */
export function completeSave(dir: string): void {
  if (existsSync(join(dir, SAVED))) oneAtATime(join(dir, 'moving'), () => moveFiles(dir));
}

/**
 * While files are moved there is no `config.json`, so that other programs find no model rather than
 * a mixed one.
 */
function moveFiles(dir: string): void {
  const saved = join(dir, SAVED);
  if (!existsSync(saved)) return;
  const names = readdirSync(saved);
  const others = names.filter((name) => name !== CONFIG_FILE);
  if (others.length > 0) {
    for (const name of [CONFIG_FILE, GENERATION_FILE]) rmSync(join(dir, name), { force: true });
  }
  for (const name of [...others, ...names.filter((each) => each === CONFIG_FILE)])
    renameSync(join(saved, name), join(dir, name));
  rmdirSync(saved);
}
