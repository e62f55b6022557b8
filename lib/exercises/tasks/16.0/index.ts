import type { Exercise } from '../../exercise';
import { causalShares } from './causal-shares';
import { noticed } from './noticed';
import { positionsRead } from './positions-read';

/** The exercises of 16.0, in order. */
export const exercises: readonly Exercise[] = [noticed, causalShares, positionsRead];
