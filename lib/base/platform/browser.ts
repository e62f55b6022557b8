/** A page in a browser, or a worker of one. */
import type { PlatformContract, Thread } from './contract';
import { baseName, exists, join, loadFiles, openFile, readFile, readFileSync } from './page-files';

const settings = new Map<string, string>();
const packages = new Map<string, unknown>();

/** Sets what environment variables set in Node, such as `COURSE_THREADS`. */
export function setSetting(name: string, value: string): void {
  settings.set(name, value);
}

/** Gives the page a package that the library loads only where it is needed. */
export function providePackage(name: string, content: unknown): void {
  packages.set(name, content);
}

export const platform: PlatformContract = {
  hasDisk: false,
  root: '',
  packageFolder: (name) => join('node_modules', name),
  join,
  baseName,
  exists,
  readFile,
  readFileSync,
  loadFiles,
  openFile,
  loadPackage(name) {
    if (packages.has(name)) return packages.get(name);
    throw new Error(`this page was given no package ${name}`);
  },

  setting: (name) => settings.get(name),
  host: globalThis,
  uniqueId: () => crypto.getRandomValues(new Uint32Array(4)).join('-'),
  isTerminal: false,
  overwriteLine: (text) => console.log(text),
  nextTurn,

  sharesMemory: globalThis.crossOriginIsolated,
  // A second thread costs a page its start, and more than it gains with a small model.
  defaultThreads: () => 1,
  startThread,
  sleep,
  collectGarbage: () => undefined,
  allowRelaxedSimd: () => undefined,
  withoutErrorHandlers: (start) => start(),
};

/** By a message: timers wait for at least 4 ms once they are nested. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

function startThread(program: string, data: object, failed: (error: unknown) => void): Thread {
  const whole = `onmessage = ({ data }) => {\n${program}\n};`;
  const address = URL.createObjectURL(new Blob([whole], { type: 'text/javascript' }));
  const worker = new Worker(address);
  worker.onerror = ({ message }) => failed(new Error(message));
  worker.postMessage(data);
  const end = (): Promise<void> => {
    worker.terminate();
    URL.revokeObjectURL(address);
    return Promise.resolve();
  };
  return { end };
}

/** The thread of a page may not sleep, so it looks again and again. */
function sleep(words: Int32Array, index: number, value: number, milliseconds: number): void {
  if (typeof document === 'undefined') {
    Atomics.wait(words, index, value, milliseconds);
    return;
  }
  const end = performance.now() + milliseconds;
  while (Atomics.load(words, index) === value && performance.now() < end);
}
