/**
 * Gives the library its files. A page that was opened from a disk may not fetch, but it may load
 * scripts: each file is a script that hands over its bytes (see lib/course/site).
 */
import { provideFiles } from '../../base/platform/page-files';
import { tf } from '../../tensor/tf';
import type { State } from '../state';
import { filesFor, PLAIN_WASM, scriptOf } from './files';

type Receive = (path: string, content: string) => void;

const loading = new Map<string, Promise<void>>();

/** Takes the files whose scripts are loaded, and those that will be. */
export function receiveFiles(): void {
  const host = globalThis as { explainerFile?: Receive; explainerFiles?: [string, string][] };
  const receive: Receive = (path, content) =>
    provideFiles({ [path]: Uint8Array.from(atob(content), (each) => each.charCodeAt(0)) });
  host.explainerFiles?.forEach(([path, content]) => receive(path, content));
  host.explainerFile = receive;
}

/** A file that the page could not load. */
export class MissingFile extends Error {
  constructor(readonly file: string) {
    super(`${file} could not be loaded`);
  }
}

/** Loads the scripts of files that the page has not loaded yet. @throws MissingFile */
async function loadLater(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map(async (path) => {
    if (!loading.has(path)) loading.set(path, loadScript(path));
    await loading.get(path);
  }));
}

function loadScript(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = scriptOf(path);
    script.onload = () => resolve();
    script.onerror = () => {
      loading.delete(path); // a later call may succeed
      reject(new MissingFile(scriptOf(path)));
    };
    document.head.append(script);
  });
}

/** Loads what a state needs beyond the first answer. */
export async function loadFor(state: State): Promise<void> {
  const needsPlain = typeof WebAssembly !== 'undefined'
    && !await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  await loadLater([...filesFor(state), ...(needsPlain ? [PLAIN_WASM] : [])]);
}
