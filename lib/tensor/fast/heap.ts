/**
 * TensorFlow.js's memory, shared with other threads.
 *
 * Its WebAssembly backend runs on one thread in Node and keeps its tensors in memory that no other
 * thread can access. Only one flag in the module's memory section determines that. So the backend
 * is started from a copy of its own module in which that flag is set; the public `setWasmPaths`
 * passes it on.
 */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tf } from '../tf';
import { freeFailedGradients } from './failed-gradients';
import { guardHeap, type Heap } from './memory';

const MODULE = 'tfjs-backend-wasm-simd.wasm';
const [IMPORTS, MEMORIES] = [2, 5];
const [LIMITED, SHARED] = [1, 3];

const LISTENED = ['uncaughtException', 'unhandledRejection'] as unknown as ['exit'];

/** Starts the WebAssembly backend, on shared memory if possible. Returns whether it started. */
export async function startWasm(): Promise<boolean> {
  const before = LISTENED.map((event) => process.listeners(event));
  await shareHeap();
  if (!(await tf.setBackend('wasm').catch(() => false))) return false;
  await tf.ready();
  guardHeap((tf.backend() as unknown as { wasm: Heap }).wasm);
  freeFailedGradients();
  // The compiled module adds listeners that turn every unhandled rejection into a crash of the
  // process.
  LISTENED.forEach((event, i) => {
    const added = process.listeners(event).filter((listener) => !before[i]!.includes(listener));
    for (const listener of added) process.off(event, listener);
  });
  return true;
}

/**
 * Makes the backend that is started next keep its tensors in shared memory. Returns false, and
 * changes nothing, if that fails.
 */
async function shareHeap(): Promise<boolean> {
  try {
    const folder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
    const bytes = withMemory(readFileSync(join(folder, 'dist', MODULE)), true);
    const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type: 'application/wasm' }));
    // The backend does not catch a failed fetch, so it is tried here first.
    const reply = await fetch(url);
    if (!reply.ok || !WebAssembly.validate(await reply.arrayBuffer())) return false;
    setWasmPaths({ 'tfjs-backend-wasm.wasm': url, [MODULE]: url,
      'tfjs-backend-wasm-threaded-simd.wasm': url }, true);
    return true;
  } catch {
    return false;
  }
}

/**
 * A copy of a WebAssembly module whose one memory, its own or imported, is declared shared or not.
 * @throws Error if the module has no memory with an upper limit
 */
export function withMemory(module: Uint8Array, shared: boolean): Uint8Array {
  const copy = Uint8Array.from(module);
  const flag = memoryFlag(copy);
  if (flag === undefined || (copy[flag] !== LIMITED && copy[flag] !== SHARED)) {
    throw new Error(
      'wanted a WebAssembly module with one memory that has an upper limit, found none',
    );
  }
  copy[flag] = shared ? SHARED : LIMITED;
  return copy;
}

/**
 * The offset of the flags of the module's memory, in its memory section or in an import; undefined
 * if there is none.
 */
function memoryFlag(bytes: Uint8Array): number | undefined {
  let at = 8; // after the magic number and the version
  const number = (): number => {
    let value = 0;
    for (let shift = 0;; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const skipName = (): void => {
    const length = number();
    at += length;
  };
  while (at < bytes.length) {
    const section = bytes[at++];
    const size = number();
    const end = at + size;
    if (section === MEMORIES && number() === 1) return at;
    if (section === IMPORTS) {
      for (let left = number(); left > 0; left--) {
        skipName(); // of the module
        skipName(); // of the field
        const kind = bytes[at++];
        if (kind === 2) return at;
        if (kind !== 0) break; // no memory follows a table or a global in the modules used here
        number(); // the type of a function
      }
    }
    at = end;
  }
  return undefined;
}
