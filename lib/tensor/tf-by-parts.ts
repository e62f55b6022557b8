/**
 * TensorFlow.js for a page in a browser, which takes it in place of the package @tensorflow/tfjs:
 * of the packages that this one consists of, those that the library uses.
 */
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { version_core } from '@tensorflow/tfjs-core';

export * from '@tensorflow/tfjs-core';
export const version = { 'tfjs-core': version_core };
