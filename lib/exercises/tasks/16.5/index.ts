import type { Exercise } from '../../exercise';
import { batchOf } from './batch-of';
import { batchesOf } from './batches-of';
import { lossOfBatch } from './loss-of-batch';
import { rowsComputed } from './rows-computed';
import { serve } from './serve';

/** The exercises of 16.5, in order. */
export const exercises: readonly Exercise[] = [
  rowsComputed,
  batchOf,
  batchesOf,
  serve,
  lossOfBatch,
];
