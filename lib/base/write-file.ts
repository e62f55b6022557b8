/**
 * Files that are written whole: the bytes go into a new file beside the old one, which takes its
 * name only when all of them are on the disk. A full disk, a killed process or a read-only folder
 * costs at most the new file.
 */
import { accessSync, closeSync, existsSync, fstatSync, fsyncSync, mkdirSync, openSync, readdirSync,
  realpathSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
    try {
      rmSync(unfinished, { force: true });
    } catch {
      // its folder became a file: what is told is why it could not be written
    }
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
  try {
    await access(path, constants.W_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

let count = Date.now(); // not 0: an earlier process may have had the same number

/** A name beside `path` for what is not finished; it holds the number of this process. */
export function unfinishedName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}-${count++}.unfinished`);
}

/** Removes what killed processes have left unfinished of `path`. */
export function removeAbandoned(path: string): void {
  for (const { name, pid } of unfinishedOf(path))
    if (!isRunning(pid)) rmSync(join(dirname(path), name), { recursive: true, force: true });
}

/** What is unfinished of `path`, and the process whose it is. */
function unfinishedOf(path: string): { name: string; pid: number }[] {
  const start = `.${basename(path)}.`;
  return readdirSync(dirname(path)).filter((name) => name.startsWith(start)).flatMap((name) => {
    const [, pid] = /^(\d+)-\d+\.unfinished$/.exec(name.slice(start.length)) ?? [];
    return pid === undefined ? [] : [{ name, pid: Number(pid) }];
  });
}

/** Longest wait for other processes, in milliseconds: what they do takes a few. */
const PATIENCE = 10_000;
/** From this age on, a mark is one of a killed process whose number another process has now. */
const ABANDONED = 60_000;

/**
 * Calls `work` while no other process of this machine is in a call with the same `path`. Each
 * process puts up a mark beside `path` and enters only if there is no mark of another one; if there
 * is, it takes its own down and tries again. The mark of a killed process does not count.
 * @throws Error that names the other process if it does not finish within ten seconds
 */
export function oneAtATime(path: string, work: () => void): void {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const mark = unfinishedName(path);
    mkdirSync(mark);
    try {
      removeAbandoned(path);
      const others = unfinishedOf(path).filter(({ name }) =>
        name !== basename(mark) && age(join(dirname(path), name)) < ABANDONED
      );
      if (others.length === 0) {
        work();
        return;
      }
      if (Date.now() > end)
        throw new Error(`process ${others[0]!.pid} has been writing there for ten seconds`);
    } finally {
      rmdirSync(mark);
    }
    pause(1 + 20 * Math.random()); // at random, or two processes may meet again and again
  }
}

/** Milliseconds since `path` was made; Infinity if it is gone. */
function age(path: string): number {
  const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return made === undefined ? Infinity : Date.now() - made;
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Whether there is a process with this number. */
export function isRunning(pid: number): boolean {
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
