/**
 * The cache of the Hugging Face hub, which all of its tools share: `models--OWNER--NAME/blobs`
 * holds the files, named by their checksum; `snapshots/COMMIT` links their real names to them;
 * `refs/REVISION` holds the commit of a branch or tag. The environment variables HF_HOME,
 * HF_HUB_CACHE, HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE have their usual meaning. A page in a
 * browser takes no-disk.ts in place of this file.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { platform } from '../base/platform';
import { writeWhole } from '../base/write-file';
import type { DownloadProgress, HubOptions } from './hub';
import { downloadBlob, nameBlob, type RemoteFile, type Repository } from './hub-file';
import { WEIGHTS_FILE } from './model-file-names';
import { INDEX_FILE, weightFileNames } from './weight-files';

/**
 * The part of @huggingface/hub that is used. Its own types are not imported, because the kernel
 * would have to read its many type files.
 */
interface Hub extends Pick<Repository, 'downloadFile'> {
  getHFHubCachePath(): string;
  getRepoFolderName(repo: { type: 'model'; name: string }): string;
  modelInfo(params: object): Promise<{ sha: string }>;
  listFiles(params: object): AsyncIterable<RemoteFile & { type: string; lfs?: { oid: string } }>;
}

const COMMIT = /^[0-9a-f]{40}$/;
/** The name of one of several files with the weights of a model. */
const PART = /^model-\d+-of-\d+\.safetensors$/;
const MODEL_FILES = ['config.json', 'generation_config.json'];
const TOKENIZER_FILES = ['tokenizer_config.json', 'tokenizer.json'];
const OLD_TOKENIZER_FILES = ['tokenizer_config.json', 'vocab.json', 'merges.txt'];

/**
 * The folder of the model `source` in the cache, if it is complete, also in the eyes of `isWhole`;
 * else it is downloaded.
 * @throws Error if the download fails; a later call continues one that was cut off
 */
export async function cachedFolder(
  source: string,
  revision: string,
  options: HubOptions,
  isWhole: (folder: string) => boolean,
): Promise<string> {
  const hub = platform.loadPackage('@huggingface/hub') as Hub;
  const folder = join(
    hub.getHFHubCachePath(),
    hub.getRepoFolderName({ type: 'model', name: source }),
  );
  const cached = await cachedSnapshot(folder, revision);
  return cached !== undefined && isWhole(cached)
    ? cached
    : download(hub, source, revision, folder, options);
}

/** The folder of a complete snapshot in the cache. */
async function cachedSnapshot(folder: string, revision: string): Promise<string | undefined> {
  const reference = join(folder, 'refs', revision);
  if (!COMMIT.test(revision) && !existsSync(reference)) return undefined;
  const commit = COMMIT.test(revision) ? revision : (await readFile(reference, 'utf8')).trim();
  const snapshot = join(folder, 'snapshots', commit);
  const weights = COMMIT.test(commit) ? await weightFileNames(snapshot) : [];
  return weights.length > 0
      && ['config.json', ...weights].every((name) => existsSync(join(snapshot, name)))
    ? snapshot
    : undefined;
}

/** Downloads the files of a GPT-2 and its tokenizer, and returns their snapshot folder. */
async function download(
  hub: Hub,
  id: string,
  revision: string,
  folder: string,
  options: HubOptions,
): Promise<string> {
  const hubUrl = (process.env.HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, '');
  const where = `${hubUrl}/${id} (revision ${revision})`;
  if (/^(1|on|yes|true)$/i.test(process.env.HF_HUB_OFFLINE ?? '')) {
    throw new Error(
      `there is no folder ${id}, ${folder} holds no complete model, `
        + 'and HF_HUB_OFFLINE forbids the download',
    );
  }
  const access = { hubUrl, accessToken: process.env.HF_TOKEN || undefined };
  let commit: string;
  const listed: RemoteFile[] = [];
  try {
    commit =
      (await hub.modelInfo({ ...access, name: id, revision, additionalFields: ['sha'] })).sha;
    if (!COMMIT.test(commit)) throw new Error(`its commit is ${JSON.stringify(commit)}`);
    const entries = hub.listFiles({ ...access, repo: { type: 'model', name: id },
      revision: commit });
    for await (const { path, size, lfs, oid } of entries)
      listed.push({ path, size, oid: lfs?.oid ?? oid });
  } catch (error) {
    throw explain(error, id, where, folder);
  }
  const files = filesToDownload(listed, where);
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const onProgress = options.onProgress ?? printTenths();
  console.log(`downloading ${where}, ${megabytes(total)}, into ${folder}`);
  const repository = { ...access, id, commit, downloadFile: hub.downloadFile };
  const snapshot = join(folder, 'snapshots', commit);
  let before = 0; // bytes of the finished files
  for (const file of files) {
    const name = join(snapshot, file.path);
    if (!existsSync(name)) {
      const report = (loaded: number): void =>
        onProgress({ file: file.path, loaded: before + loaded, total });
      await nameBlob(await downloadBlob(repository, file, join(folder, 'blobs'), report), name);
    }
    before += file.size;
    onProgress({ file: file.path, loaded: before, total });
  }
  await mkdir(dirname(join(folder, 'refs', revision)), { recursive: true });
  if (revision !== commit) await writeWhole(join(folder, 'refs', revision), [commit]);
  return snapshot;
}

/**
 * The files of a GPT-2 and its tokenizer. The weights come last: once they have a name in the
 * snapshot, it is complete.
 */
function filesToDownload(listed: readonly RemoteFile[], where: string): RemoteFile[] {
  const has = (name: string): boolean => listed.some((file) => file.path === name);
  if (!has('config.json'))
    throw new Error(
      `${where} holds no config.json, so it is not a model of Hugging Face transformers`,
    );
  if (!has(WEIGHTS_FILE) && !has(INDEX_FILE))
    throw new Error(
      `${where} holds no ${WEIGHTS_FILE}, the only format of weights that is supported`,
    );
  const tokenizer = has('tokenizer.json') ? TOKENIZER_FILES : OLD_TOKENIZER_FILES;
  const weights = has(WEIGHTS_FILE)
    ? [WEIGHTS_FILE]
    : [...listed.map(({ path }) => path).filter((path) => PART.test(path)), INDEX_FILE];
  return [...tokenizer, ...MODEL_FILES, ...weights].flatMap((name) =>
    listed.filter((file) => file.path === name)
  );
}

/** An error that reports the hub's answer, or that there was none, and what to do. */
function explain(error: unknown, id: string, where: string, folder: string): Error {
  const { message, statusCode, cause } = error as Error & {
    statusCode?: number;
    cause?: { code?: string; message?: string };
  };
  if (statusCode === 401 || statusCode === 403 || statusCode === 404) {
    return new Error(
      `there is no folder ${id}, and the hub gives no model ${where} (${statusCode}); `
        + 'check the spelling, or set HF_TOKEN if it is private',
      { cause: error },
    );
  }
  if (statusCode !== undefined)
    return new Error(
      `${where} cannot be downloaded now, the hub answers ${statusCode}; try again later`,
      { cause: error },
    );
  const reason = cause?.code ?? cause?.message ?? message;
  return new Error(
    `there is no folder ${id}, and ${where} cannot be reached (${reason}); `
      + `load it once with a connection, which fills ${folder}, or give the path of a folder`,
    { cause: error },
  );
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Prints a line for each tenth of the download. */
function printTenths(): (progress: DownloadProgress) => void {
  let printed = 0;
  return ({ loaded, total }) => {
    const tenth = Math.floor((10 * loaded) / total);
    if (tenth <= printed) return;
    printed = tenth;
    console.log(`${10 * tenth} %, ${megabytes(loaded)} of ${megabytes(total)}`);
  };
}
