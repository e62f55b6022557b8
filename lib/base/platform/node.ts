/** Node. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import type { OpenedFile, PlatformContract, Thread } from './contract';

export const platform: PlatformContract = {
  hasDisk: true,
  root: join(__dirname, '..', '..', '..'),
  packageFolder: (name) => dirname(require.resolve(`${name}/package.json`)),
  join,
  baseName: (path) => basename(path),
  exists: existsSync,
  readFile: (path) => readFile(path),
  readFileSync: (path) => readFileSync(path),
  loadFiles: () => Promise.resolve(),
  openFile,
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  loadPackage: (name) => require(name) as unknown,

  setting: (name) => process.env[name],
  host: process,
  uniqueId: () => randomUUID(),
  get isTerminal() {
    return process.stdout.isTTY;
  },
  overwriteLine(text, isLast) {
    process.stdout.write(`\r\x1b[K${text}${isLast ? '\n' : ''}`);
  },
  nextTurn: () => new Promise((resolve) => setImmediate(resolve)),

  sharesMemory: true,
  defaultThreads: () => Math.min(4, availableParallelism()),
  startThread,
  sleep(words, index, value, milliseconds) {
    Atomics.wait(words, index, value, milliseconds);
  },
  collectGarbage() {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('typeof gc === "function" && gc') as (() => void) | false;
    setFlagsFromString('--no-expose-gc');
    if (gc) gc();
  },
  allowRelaxedSimd() {
    // Node 20 needs a flag; later versions do not know it, complain on stderr, and need none.
    if (process.versions.node.startsWith('20.'))
      setFlagsFromString('--experimental-wasm-relaxed-simd');
  },
  withoutErrorHandlers,
};

async function openFile(path: string): Promise<OpenedFile> {
  const file = await open(path, 'r');
  const close = (): Promise<void> => file.close();
  const read = async (position: number, length: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(length); // not from Node's pool, so it is aligned
    for (let done = 0; done < length;) {
      const part = Math.min(length - done, 1 << 30);
      const { bytesRead } = await file.read(bytes, done, part, position + done);
      if (bytesRead === 0) throw new Error(`the file ended ${length - done} bytes early`);
      done += bytesRead;
    }
    return bytes;
  };
  try {
    return { size: (await file.stat()).size, read, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The thread neither outlives the process nor keeps it alive. */
function startThread(program: string, data: object, failed: (error: unknown) => void): Thread {
  const whole = `const { workerData: data } = require('node:worker_threads');\n${program}`;
  // Without the environment and execArgv of the parent, so that a notebook's hooks do not run in
  // it.
  const worker = new Worker(whole, { eval: true, workerData: data, execArgv: [], env: {} });
  worker.on('error', failed);
  worker.unref();
  const end = async (): Promise<void> => {
    await worker.terminate();
  };
  return { end };
}

const LISTENED = ['uncaughtException', 'unhandledRejection'] as unknown as ['exit'];

async function withoutErrorHandlers<T>(start: () => Promise<T>): Promise<T> {
  const before = LISTENED.map((event) => process.listeners(event));
  const result = await start();
  LISTENED.forEach((event, i) => {
    const added = process.listeners(event).filter((listener) => !before[i]!.includes(listener));
    for (const listener of added) process.off(event, listener);
  });
  return result;
}
