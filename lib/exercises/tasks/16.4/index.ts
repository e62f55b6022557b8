import type { Exercise } from '../../exercise';
import { fromMemory } from './from-memory';

/** The exercises of 16.4, in order. */
export const exercises: readonly Exercise[] = [fromMemory];
