import type { Exercise } from '../../exercise';
import { firstWrong } from './first-wrong';
import { lossOfTexts } from './loss-of-texts';
import { shareUsed } from './share-used';

/** The exercises of 16.1, in order. */
export const exercises: readonly Exercise[] = [shareUsed, firstWrong, lossOfTexts];
