/**
 * The two files of a checkpoint, written together: at no moment does a folder hold the
 * configuration of one model and the weights of another one.
 */
import { existsSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkWritable, removeAbandoned, unfinishedName, writeError,
  writeNew } from '../base/write-file';
import { safetensorsParts, type StoredTensor } from './safetensors';

export const CONFIG_FILE = 'config.json';
/** The file that holds all weights of a checkpoint. */
export const WEIGHTS_FILE = 'model.safetensors';
/** Says what ends a text, in place of `config.json`. */
export const GENERATION_FILE = 'generation_config.json';

/** The folder inside a checkpoint that holds a complete new one, until its files are moved. */
const SAVED = '.saved';

/**
 * Writes `config` and `tensors` into the folder `dir`, in place of the model that is there. Both
 * are written into a folder inside `dir` first; the rename of that folder replaces the old model,
 * and moving its files is completed by the next reader where this process is killed before. A
 * `generation_config.json` of the earlier model goes.
 * @throws Error that says why; then the model that was there is there as before
 */
export async function writeModelFiles(
  dir: string,
  config: object,
  tensors: Iterable<readonly [string, StoredTensor]>,
): Promise<void> {
  const saved = join(dir, SAVED);
  const unfinished = unfinishedName(saved);
  try {
    await mkdir(dir, { recursive: true });
    completeSave(dir);
    for (const name of [CONFIG_FILE, WEIGHTS_FILE]) await checkWritable(join(dir, name));
    removeAbandoned(saved);
    await mkdir(unfinished);
    await writeNew(join(unfinished, WEIGHTS_FILE), safetensorsParts(tensors));
    await writeNew(join(unfinished, CONFIG_FILE), [`${JSON.stringify(config, null, 2)}\n`]);
    completeSave(dir); // of another call, which was faster
    await rename(unfinished, saved);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
    throw writeError(dir, error);
  }
  completeSave(dir);
}

/**
 * Moves the files of a complete save to their places, if there is one. While they are moved there
 * is no `config.json`, so that other programs find no model rather than a mixed one.
 */
export function completeSave(dir: string): void {
  const saved = join(dir, SAVED);
  if (!existsSync(saved)) return;
  if (existsSync(join(saved, WEIGHTS_FILE))) {
    for (const name of [CONFIG_FILE, GENERATION_FILE]) rmSync(join(dir, name), { force: true });
    renameSync(join(saved, WEIGHTS_FILE), join(dir, WEIGHTS_FILE));
  }
  if (existsSync(join(saved, CONFIG_FILE)))
    renameSync(join(saved, CONFIG_FILE), join(dir, CONFIG_FILE));
  rmdirSync(saved);
}
