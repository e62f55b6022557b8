/**
 * TensorFlow.js for a page in a browser, which takes it in place of the package @tensorflow/tfjs:
 * of the packages that this one consists of, those that the library uses. The plain JavaScript
 * backend is loaded only where WebAssembly does not start.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { registerBackend, version_core } from '@tensorflow/tfjs-core';

registerBackend('cpu', async () => {
  const [{ MathBackendCPU }] = await Promise.all([
    import('@tensorflow/tfjs-backend-cpu/dist/backend_cpu'),
    import('@tensorflow/tfjs-backend-cpu/dist/register_all_kernels'),
  ]);
  return new MathBackendCPU();
});

export * from '@tensorflow/tfjs-core';
export const version = { 'tfjs-core': version_core };
