/**
 * Files that are written whole: the bytes go into a new file beside the old one, which takes its
 * name only when all of them are on the disk. A full disk, a killed process or a read-only folder
 * costs at most the new file.
 */
import { accessSync, closeSync, existsSync, fstatSync, fsyncSync, openSync, readdirSync,
  realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { access, constants, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { throwIfInterrupted } from './interrupt';

/** What a file will hold, piece after piece. */
export type Pieces = Iterable<string | Uint8Array>;

const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'the file would be too large',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such folder',
};

/**
 * Writes `parts` into `path` in place of what is there. A link is followed.
 * @throws Error that names the file and the reason; then the old file is there as before, and no
 *   part of the new one
 */
export async function writeWhole(path: string, parts: Pieces): Promise<void> {
  const target = existsSync(path) ? realpathSync(path) : path;
  const unfinished = unfinishedName(target);
  try {
    await checkWritable(target);
    removeAbandoned(target);
    await writeNew(unfinished, parts);
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw writeError(path, error);
  }
}

/** The same for a short text, and at once. */
export function writeWholeSync(path: string, text: string): void {
  const target = existsSync(path) ? realpathSync(path) : path;
  const unfinished = unfinishedName(target);
  try {
    if (existsSync(target)) accessSync(target, constants.W_OK);
    removeAbandoned(target);
    const file = openSync(unfinished, 'wx');
    try {
      writeFileSync(file, text);
      fsyncSync(file);
      checkSize(fstatSync(file).size, Buffer.byteLength(text));
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw writeError(path, error);
  }
}

/**
 * Writes a file that is not there yet, and returns when all its bytes are on the disk. Where that
 * fails, a part of it may be left.
 */
export async function writeNew(path: string, parts: Pieces): Promise<void> {
  const file = await open(path, 'wx');
  try {
    let wanted = 0;
    for (const part of parts) {
      throwIfInterrupted();
      const bytes = typeof part === 'string' ? Buffer.from(part) : part;
      await file.writeFile(bytes); // unlike write, which may stop early on a full disk
      wanted += bytes.byteLength;
    }
    await file.sync();
    checkSize((await file.stat()).size, wanted);
  } finally {
    await file.close();
  }
}

function checkSize(size: number, wanted: number): void {
  if (size !== wanted) throw new Error(`it must have ${wanted} bytes, got ${size}`);
}

/** @throws the system's error if `path` is there and protected: a rename would replace it */
export async function checkWritable(path: string): Promise<void> {
  if (existsSync(path)) await access(path, constants.W_OK);
}

let count = 0;

/** A name beside `path` for what is not finished; it holds the number of this process. */
export function unfinishedName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}-${count++}.unfinished`);
}

/** Removes what killed processes have left unfinished of `path`. */
export function removeAbandoned(path: string): void {
  const start = `.${basename(path)}.`;
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(start)) continue;
    const [, pid] = /^(\d+)-\d+\.unfinished$/.exec(name.slice(start.length)) ?? [];
    if (pid !== undefined && !isRunning(Number(pid)))
      rmSync(join(dirname(path), name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** The system's `error` as a sentence; any other error, such as an interrupt, as it is. */
export function writeError(path: string, error: unknown): unknown {
  const { code, message, name } = error as NodeJS.ErrnoException;
  if (name === 'AbortError') return error;
  const reason = code === undefined ? message : `${REASONS[code] ?? message} (${code})`;
  return new Error(`${path} could not be written: ${reason}; what was there is unchanged`, {
    cause: error,
  });
}
