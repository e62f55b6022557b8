import type { Exercise } from '../../exercise';
import { counts } from './counts';

/** The exercises of 16.9, in order. */
export const exercises: readonly Exercise[] = [counts];
