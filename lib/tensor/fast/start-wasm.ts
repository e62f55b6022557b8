/** Starting TensorFlow.js's WebAssembly backend, on memory that threads can share. */
import '@tensorflow/tfjs-backend-wasm';
import { tf } from '../tf';
import { shareHeap } from './heap';

const LISTENED = ['uncaughtException', 'unhandledRejection'] as unknown as ['exit'];

/** Starts the backend; returns whether that worked. */
export async function startWasm(): Promise<boolean> {
  const before = LISTENED.map((event) => process.listeners(event));
  await shareHeap();
  if (!(await tf.setBackend('wasm').catch(() => false))) return false;
  await tf.ready();
  // The compiled module adds listeners that turn every unhandled rejection into a crash of the
  // process.
  LISTENED.forEach((event, i) => {
    const added = process.listeners(event).filter((listener) => !before[i]!.includes(listener));
    for (const listener of added) process.off(event, listener);
  });
  return true;
}
