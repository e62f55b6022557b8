import type { Exercise } from '../../exercise';

/** The exercises of 16.3, in order. */
export const exercises: readonly Exercise[] = [];
