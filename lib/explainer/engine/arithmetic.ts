/** What computes: the course's kernels, those of TensorFlow.js, or plain JavaScript. */
import { currentMachine } from '../../tensor/fast/current-machine';
import { tf } from '../../tensor/tf';

/** From the fastest to the slowest. */
export type Arithmetic = 'fast kernels' | 'stock kernels' | 'JavaScript';

/** What this browser computes with, once a model has been loaded. */
export function arithmetic(): Arithmetic {
  if (tf.getBackend() !== 'wasm') return 'JavaScript';
  return currentMachine() ? 'fast kernels' : 'stock kernels';
}
