/**
 * A checkpoint by its folder, or by its id on the Hugging Face hub: then it is downloaded once into
 * the cache that all of Hugging Face's tools share (hub-cache.ts).
 */
import { check, checkNames } from '../base/checks';
import { platform } from '../base/platform';
import type { Tokenizer } from '../text/tokenizer';
import { cachedFolder } from './hub-cache';
import { readTokenizer } from './pretrained-tokenizer';

export interface HubOptions {
  /** Branch, tag or commit of a model on the hub. Default `main`. */
  revision?: string;
  /** Called as bytes arrive. Default: prints a line at every tenth of the download. */
  onProgress?: (progress: DownloadProgress) => void;
}

/** The progress of a download, in bytes over all files of the model. */
export interface DownloadProgress {
  file: string;
  loaded: number;
  total: number;
}

const MODEL_ID = /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)?$/;
const REVISION = /^(?!.*\.\.)\w[\w./-]*$/;

/**
 * The folder of a checkpoint: `source` itself if it is a path that exists, else the folder of the
 * model with this id, which is downloaded the first time. Later calls make no request, so `main`
 * stays at the commit of the first call.
 * @throws Error if `source` is neither, or the download fails; a later call continues a download
 *   that was cut off
 */
export async function checkpointFolder(source: string, options: HubOptions = {}): Promise<string> {
  return folderWith(source, options, false);
}

/** The same; with `tokenizer`, a folder in the cache without one is completed from the hub. */
async function folderWith(
  source: string,
  options: HubOptions,
  tokenizer: boolean,
): Promise<string> {
  checkNames('option', options, ['revision', 'onProgress']);
  if (platform.exists(source)) return source;
  const { revision = 'main' } = options;
  if (!MODEL_ID.test(source)) {
    throw new Error(
      `there is no folder ${source}, and that is not a model id of the Hugging Face hub, `
        + 'such as openai-community/gpt2',
    );
  }
  check(REVISION.test(revision), 'revision', 'a branch, a tag or a commit', revision);
  return cachedFolder(source, revision, options, tokenizer ? hasTokenizer : () => true);
}

/**
 * The tokenizer beside a checkpoint, which `GPT.load` of the same `source` has downloaded with it.
 * Where another tool has downloaded the model alone, the tokenizer is downloaded now.
 * @throws Error as {@link checkpointFolder} and {@link readTokenizer}
 */
export async function loadTokenizer(source: string, options: HubOptions = {}): Promise<Tokenizer> {
  return readTokenizer(await folderWith(source, options, true));
}

/** Whether a folder holds the files of a tokenizer, in the new form or in the old one. */
const hasTokenizer = (folder: string): boolean =>
  [['tokenizer.json'], ['vocab.json', 'merges.txt']].some((names) =>
    names.every((name) => platform.exists(platform.join(folder, name)))
  );
