/** All exercises, in the order of the notebooks. */
import type { Exercise } from '../exercise';
import { batchOf } from './16.5/batch-of';
import { batchesOf } from './16.5/batches-of';
import { rowsComputed } from './16.5/rows-computed';

export const EXERCISES: readonly Exercise[] = [rowsComputed, batchOf, batchesOf];

/** @throws RangeError if no exercise has this id */
export function findExercise(id: string): Exercise {
  const exercise = EXERCISES.find((each) => each.id === id);
  if (exercise) return exercise;
  const known = EXERCISES.map((each) => each.id).join(', ');
  throw new RangeError(`unknown exercise ${id}; known are ${known}`);
}
