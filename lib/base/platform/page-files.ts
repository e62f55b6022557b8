/**
 * The files that a page in a browser has: those that it was given, under the paths that they have
 * in Node below the course's folder, such as `data/checkpoints/pull-requests/config.json`.
 */
import type { OpenedFile } from './contract';

/** By path: the bytes, or the address that they are fetched from at their first use. */
const files = new Map<string, Uint8Array | URL>();
/** The fetches under way, so that two readers of a file share one. */
const fetched = new Map<string, Promise<Uint8Array>>();

/**
 * Gives the page files, by path: their bytes, or their addresses, which may be relative to the page
 * or hold the bytes themselves (`data:`).
 */
export function provideFiles(given: Readonly<Record<string, Uint8Array | string>>): void {
  for (const [path, file] of Object.entries(given)) {
    files.set(path, typeof file === 'string' ? new URL(file, globalThis.location.href) : file);
    fetched.delete(path);
  }
}

/** `parts` as one path, with `.` and `..` resolved, as Node's `path.posix.join` does it. */
export function join(...parts: string[]): string {
  const names: string[] = [];
  for (const name of parts.join('/').split('/')) {
    if (name === '..' && names.length > 0) names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return names.join('/');
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export function exists(path: string): boolean {
  const folder = `${join(path)}/`;
  return files.has(join(path)) || [...files.keys()].some((each) => each.startsWith(folder));
}

export async function readFile(path: string): Promise<Uint8Array> {
  const name = join(path);
  const file = files.get(name);
  if (file instanceof Uint8Array) return file;
  if (!file) throw missing(path);
  if (!fetched.has(name)) fetched.set(name, download(name, file));
  return fetched.get(name)!;
}

async function download(name: string, address: URL): Promise<Uint8Array> {
  const from = address.protocol === 'data:' ? 'the page' : address.href;
  try {
    const reply = await fetch(address);
    if (!reply.ok) throw new Error(`the server answers ${reply.status}`);
    const bytes = new Uint8Array(await reply.arrayBuffer());
    files.set(name, bytes);
    return bytes;
  } catch (error) {
    throw new Error(`${name} could not be read from ${from}: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    fetched.delete(name); // a later call may succeed
  }
}

export function readFileSync(path: string): Uint8Array {
  const file = files.get(join(path));
  if (file instanceof Uint8Array) return file;
  throw file ? new Error(`${path} is not loaded yet: await loadFiles(['${path}'])`) : missing(path);
}

export async function loadFiles(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map(readFile));
}

export async function openFile(path: string): Promise<OpenedFile> {
  const bytes = await readFile(path);
  const read = (position: number, length: number): Promise<Uint8Array> => {
    const part = bytes.slice(position, position + length);
    if (part.length === length) return Promise.resolve(part);
    return Promise.reject(new Error(`the file ended ${length - part.length} bytes early`));
  };
  return { size: bytes.length, read, close: () => Promise.resolve() };
}

const missing = (path: string): Error => new Error(`this page was given no file ${path}`);
