import type { Exercise } from '../../exercise';
import { answersAlike } from './answers-alike';
import { cacheBytes } from './cache-bytes';
import { verified } from './verified';
import { writeOn } from './write-on';

/** The exercises of 16.6, in order. */
export const exercises: readonly Exercise[] = [cacheBytes, writeOn, answersAlike, verified];
