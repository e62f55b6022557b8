/**
 * One file of the Hugging Face hub: it is downloaded and checked, and gets its name in the cache
 * only then.
 */
import { createHash, type Hash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { throwIfInterrupted } from '../base/interrupt';

/** A file as the hub lists it. `oid` is its checksum: SHA-256 for large files, else git's SHA-1. */
export interface RemoteFile {
  path: string;
  size: number;
  oid?: string;
}

/** A model at one commit, and a function that downloads a file of it. */
export interface Repository {
  id: string;
  commit: string;
  hubUrl: string;
  accessToken: string | undefined;
  /** `downloadFile` of @huggingface/hub. */
  downloadFile(params: object): Promise<{ slice(start: number): { stream(): unknown } } | null>;
}

/**
 * Downloads `file` into `folder` under the name of its checksum, and returns its path. Continues
 * the partial file of an interrupted download. The file has a different name until all bytes have
 * arrived and the checksum is the listed one.
 * @param report called with the number of bytes that have arrived
 * @throws Error if the connection is cut, or the checksum is not the one that the hub lists
 */
export async function downloadBlob(
  repository: Repository,
  file: RemoteFile,
  folder: string,
  report: (loaded: number) => void,
): Promise<string> {
  const { path, size } = file;
  const { hash, wanted } = checksumOf(file);
  const blob = join(folder, wanted);
  if (existsSync(blob) && (await stat(blob)).size === size) return blob;
  await mkdir(folder, { recursive: true });
  // Two programs may download the same file at the same time: the one that renames the partial file
  // first continues it, the other starts from the beginning.
  const partial = `${blob}.incomplete`;
  const own = `${blob}.${randomUUID()}.incomplete`;
  await rename(partial, own).catch(() => undefined);
  let loaded = 0;
  if (existsSync(own)) {
    for await (const chunk of createReadStream(own) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      loaded += chunk.length;
    }
  }
  try {
    for await (const chunk of remainder(repository, file, loaded, own)) {
      hash.update(chunk);
      report(loaded += chunk.length);
    }
  } catch (error) {
    await rename(own, partial).catch(() => undefined);
    throwIfInterrupted();
    const reason = error instanceof Error ? error.message : String(error);
    const done = `${Math.min(loaded, size)} of ${size} bytes (${reason})`;
    throw new Error(
      `the download of ${path} was cut off after ${done}; load ${repository.id} again to continue`,
      { cause: error },
    );
  }
  if (loaded < size) {
    await rename(own, partial);
    throw new Error(
      `the download of ${path} was cut off after ${loaded} of ${size} bytes; `
        + `load ${repository.id} again to continue`,
    );
  }
  const found = hash.digest('hex');
  if (loaded > size || found !== wanted) {
    await rm(own);
    throw new Error(
      `the download of ${path} is damaged: its checksum should be ${wanted} and is ${found}; `
        + `it was deleted, load ${repository.id} again`,
    );
  }
  await rename(own, blob);
  return blob;
}

/** Fetches the bytes from `start` on, appends them to the file `target`, and yields them. */
async function* remainder(
  repository: Repository,
  { path, size }: RemoteFile,
  start: number,
  target: string,
): AsyncGenerator<Uint8Array> {
  const output = await open(target, 'a');
  try {
    if (start >= size) return;
    const { id, commit, hubUrl, accessToken } = repository;
    // Plain HTTP, whose bytes arrive in order; the hub's other protocol (xet) fetches pieces in
    // parallel.
    const source = await repository.downloadFile({ repo: { type: 'model', name: id }, path,
      revision: commit, hubUrl, accessToken, xet: false });
    if (!source) throw new Error('the hub lists the file but does not have it');
    for await (const chunk of source.slice(start).stream() as AsyncIterable<Uint8Array>) {
      throwIfInterrupted();
      await output.appendFile(chunk);
      yield chunk;
    }
    await output.sync();
  } finally {
    await output.close();
  }
}

/** The checksum that the hub lists for a file, and the hash to compute it with. */
function checksumOf({ path, size, oid = '' }: RemoteFile): { hash: Hash; wanted: string } {
  if (/^[0-9a-f]{64}$/.test(oid)) return { hash: createHash('sha256'), wanted: oid };
  if (/^[0-9a-f]{40}$/.test(oid))
    return { hash: createHash('sha1').update(`blob ${size}\0`), wanted: oid };
  throw new Error(
    `the hub lists no checksum for ${path}, so a damaged download could not be detected`,
  );
}

/**
 * Gives a finished blob its name in a snapshot: by a link, or by moving it where links are not
 * allowed (Windows).
 */
export async function nameBlob(blob: string, name: string): Promise<void> {
  await mkdir(dirname(name), { recursive: true });
  await symlink(relative(dirname(name), blob), name).catch(async (error: unknown) => {
    // EEXIST: another program has made the link
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rename(blob, name);
  });
}
