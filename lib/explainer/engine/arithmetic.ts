/** What computes in this browser: the slower it is, the more the reader should know of it. */
import { tf } from '../../tensor/tf';

/** From the fastest to the slowest; known once a model has been loaded. */
export function arithmetic(): 'SIMD' | 'WebAssembly' | 'JavaScript' {
  if (tf.getBackend() !== 'wasm') return 'JavaScript';
  return tf.env().getBool('WASM_HAS_SIMD_SUPPORT') ? 'SIMD' : 'WebAssembly';
}
