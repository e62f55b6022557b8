/**
 * TensorFlow.js's memory, shared with other threads.
 *
 * Its WebAssembly backend is used on one thread and keeps its tensors in memory that no other
 * thread can access. Only one flag in the module's memory section determines that. So the backend
 * is started from a copy of its own module in which that flag is set, where threads can share
 * memory at all; the public `setWasmPaths` passes it on.
 */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { platform } from '../../base/platform';
import { tf } from '../tf';
import { freeFailedGradients } from './failed-gradients';
import { loadKernels } from './machine';
import { guardHeap, type Heap } from './memory';
import { withMemory } from './module-memory';

const PACKAGE = '@tensorflow/tfjs-backend-wasm';
const PLAIN = 'tfjs-backend-wasm.wasm';
const WITH_SIMD = 'tfjs-backend-wasm-simd.wasm';
const WITH_THREADS = 'tfjs-backend-wasm-threaded-simd.wasm';

/** Starts the WebAssembly backend, on shared memory if possible. Returns whether it started. */
export async function startWasm(): Promise<boolean> {
  return platform.withoutErrorHandlers(async () => {
    // On a disk, TensorFlow.js finds its own module.
    const [isShared] = await Promise.all([shareHeap(), loadKernels()]);
    if (!isShared && !platform.hasDisk) return false;
    if (!(await tf.setBackend('wasm').catch(() => false))) return false;
    await tf.ready();
    guardHeap((tf.backend() as unknown as { wasm: Heap }).wasm);
    freeFailedGradients();
    return true;
  });
}

/**
 * Makes the backend that is started next keep its tensors in shared memory, where threads can share
 * it. Returns false, and changes nothing, if that fails.
 */
async function shareHeap(): Promise<boolean> {
  try {
    // TensorFlow.js would start threads of its own, on a module of its own, in a browser.
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    const name = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT') ? WITH_SIMD : PLAIN;
    const module = platform.join(platform.packageFolder(PACKAGE), 'dist', name);
    const bytes = withMemory(await platform.readFile(module), platform.sharesMemory);
    const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type: 'application/wasm' }));
    // The backend does not catch a failed fetch, so it is tried here first.
    const reply = await fetch(url);
    if (!reply.ok || !WebAssembly.validate(await reply.arrayBuffer())) return false;
    setWasmPaths({ [PLAIN]: url, [WITH_SIMD]: url, [WITH_THREADS]: url }, true);
    return true;
  } catch {
    return false;
  }
}
