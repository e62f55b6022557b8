import type { Exercise } from '../../exercise';

/** The exercises of 16.0, in order. */
export const exercises: readonly Exercise[] = [];
