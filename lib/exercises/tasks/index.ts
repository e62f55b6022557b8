/** All exercises, in the order of the notebooks. */
import type { Exercise } from '../exercise';
import { exercises as of0 } from './16.0/index';
import { exercises as of1 } from './16.1/index';
import { exercises as of2 } from './16.2/index';
import { exercises as of3 } from './16.3/index';
import { exercises as of4 } from './16.4/index';
import { exercises as of5 } from './16.5/index';
import { exercises as of6 } from './16.6/index';
import { exercises as of7 } from './16.7/index';
import { exercises as of8 } from './16.8/index';
import { exercises as of9 } from './16.9/index';

export const allExercises: readonly Exercise[] = [
  ...of0,
  ...of1,
  ...of2,
  ...of3,
  ...of4,
  ...of5,
  ...of6,
  ...of7,
  ...of8,
  ...of9,
];

/** @throws RangeError if no exercise has this id */
export function findExercise(id: string): Exercise {
  const exercise = allExercises.find((each) => each.id === id);
  if (exercise) return exercise;
  const known = allExercises.map((each) => each.id).join(', ');
  throw new RangeError(`unknown exercise ${id}; known are ${known}`);
}
