/**
 * One file of the Hugging Face hub: downloaded, checked, and only then given its name in the cache.
 */
import { createHash, type Hash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { throwIfInterrupted } from '../base/interrupt';

/**
 * A file as the hub lists it. `oid` is its checksum: SHA-256 of large files, git's own SHA-1 of
 * small ones.
 */
export interface RemoteFile {
  path: string;
  size: number;
  oid?: string;
}

/** A model at one commit, and how to get a file of it. */
export interface Repository {
  id: string;
  commit: string;
  hubUrl: string;
  accessToken: string | undefined;
  /** `downloadFile` of @huggingface/hub. */
  downloadFile(params: object): Promise<{ slice(start: number): { stream(): unknown } } | null>;
}

/**
 * Downloads `file` into `folder` under the name of its checksum, and returns its path. What a cut
 * connection left behind is continued; until all bytes are there and have the announced checksum,
 * the file carries another name.
 * @param report is told how many bytes of the file are there
 * @throws Error if the connection is cut, or the bytes are not those that the hub announced
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
  if (existsSync(blob)) return blob;
  await mkdir(folder, { recursive: true });
  // Two programs may want the same file at the same time: whoever renames the rest continues it,
  // the other starts anew.
  const rest = `${blob}.incomplete`;
  const own = `${blob}.${randomUUID()}.incomplete`;
  await rename(rest, own).catch(() => undefined);
  let loaded = 0;
  if (existsSync(own)) {
    for await (const chunk of createReadStream(own) as AsyncIterable<Buffer>)
      loaded += hash.update(chunk) && chunk.length;
  }
  try {
    for await (const chunk of remainder(repository, file, loaded, own)) {
      hash.update(chunk);
      report(loaded += chunk.length);
    }
  } catch (error) {
    await rename(own, rest).catch(() => undefined);
    throwIfInterrupted();
    const reason = (error as Error).message ?? String(error);
    throw new Error(
      `the download of ${path} was cut off after ${
        Math.min(loaded, size)
      } of ${size} bytes (${reason}); load ${repository.id} again to continue it`,
      { cause: error },
    );
  }
  if (loaded < size) {
    await rename(own, rest);
    throw new Error(
      `the download of ${path} was cut off after ${loaded} of ${size} bytes; load ${repository.id} again to continue it`,
    );
  }
  const found = hash.digest('hex');
  if (loaded > size || found !== wanted) {
    await rm(own);
    throw new Error(
      `${path} came damaged: its checksum should be ${wanted} and is ${found}; it was thrown away, load ${repository.id} again`,
    );
  }
  await rename(own, blob);
  return blob;
}

/** Fetches what follows the first `start` bytes, appends it to the file `target`, and yields it. */
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
    // Plain HTTP, whose bytes come in order; the hub's other protocol (xet) fetches pieces side by
    // side.
    const source = await repository.downloadFile({ repo: { type: 'model', name: id }, path,
      revision: commit, hubUrl, accessToken, xet: false });
    if (!source) throw new Error('the hub lists it and does not have it');
    for await (const chunk of source.slice(start).stream() as AsyncIterable<Uint8Array>) {
      throwIfInterrupted();
      await output.appendFile(chunk);
      yield chunk;
    }
  } finally {
    await output.close();
  }
}

/**
 * The checksum that the hub announced for a file, and the hash that its bytes go through to be
 * compared with it.
 */
function checksumOf({ path, size, oid = '' }: RemoteFile): { hash: Hash; wanted: string } {
  if (/^[0-9a-f]{64}$/.test(oid)) return { hash: createHash('sha256'), wanted: oid };
  if (/^[0-9a-f]{40}$/.test(oid))
    return { hash: createHash('sha1').update(`blob ${size}\0`), wanted: oid };
  throw new Error(
    `the hub announces no checksum for ${path}, so it cannot be told whether it comes whole`,
  );
}

/**
 * Gives a finished blob its name in a snapshot, as a link, or by moving it where links are not
 * allowed (Windows).
 */
export async function nameBlob(blob: string, name: string): Promise<void> {
  await mkdir(dirname(name), { recursive: true });
  await symlink(relative(dirname(name), blob), name).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') await rename(blob, name); // or another program was faster
  });
}
