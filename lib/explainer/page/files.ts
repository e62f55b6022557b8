/**
 * The files of the library in the page. A page that was opened from a disk may not fetch, but it
 * may load scripts: each file is a script that hands over its bytes (see lib/course/site).
 */
import { provideFiles } from '../../base/platform/page-files';

const WASM = 'node_modules/@tensorflow/tfjs-backend-wasm/dist';

/** What the first answer needs; `index.html` names their scripts. */
export const PAGE_FILES = [
  'data/checkpoints/pull-requests/config.json',
  'data/checkpoints/pull-requests/model.safetensors',
  'lib/tensor/fast/kernels.wasm',
] as const;

/** What only some pages need. */
export const LATER_FILES = [
  `${WASM}/tfjs-backend-wasm.wasm`,
  `${WASM}/tfjs-backend-wasm-simd.wasm`,
  'data/eight-tokens/config.json',
  'data/eight-tokens/model.safetensors',
] as const;

/** The script of a file, relative to the page. */
export const scriptOf = (path: string): string =>
  `files/${path.replace(/^.*\/(?=[^/]+\/[^/]+$)/, '').replaceAll('/', '-')}.js`;

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

/** Loads the scripts of files that the page has not loaded yet. @throws Error that names one */
export async function loadLater(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => {
    if (!loading.has(path)) loading.set(path, loadScript(path));
    return loading.get(path);
  }));
}

function loadScript(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = scriptOf(path);
    script.onload = () => resolve();
    script.onerror = () => {
      loading.delete(path); // a later call may succeed
      reject(new Error(`${script.src} could not be loaded`));
    };
    document.head.append(script);
  });
}
