/** The one machine of this process (see machine.ts), started at first use. */
import { tf } from '../tf';
import { Machine, type TensorBackend } from './machine';

let current: Machine | undefined;
let refused = false;

/**
 * The kernels, started at the first call; undefined where they cannot run or a different backend is
 * in use.
 */
export function currentMachine(): Machine | undefined {
  if (refused || tf.engine().backendName !== 'wasm') return undefined;
  const backend = tf.backend() as unknown as TensorBackend;
  if (current?.backend === backend && !current.isReleased) return current;
  void current?.release();
  try {
    current = new Machine(backend);
  } catch (error) {
    refused = true;
    const reason = error instanceof Error ? error.message : String(error);
    console.log(`The fast kernels are off (${reason}); TensorFlow.js's own are used.`);
    return undefined;
  }
  return current;
}

/** Allows or forbids the fast kernels from here on. Tests use it to compare both forms. */
export function allowMachine(allowed: boolean): void {
  refused = !allowed;
}
