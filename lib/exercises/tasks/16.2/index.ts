import type { Exercise } from '../../exercise';
import { answerLoss } from './answer-loss';
import { lossByHand } from './loss-by-hand';
import { nameBug } from './name-bug';
import { seesTheFuture } from './sees-the-future';
import { windowMask } from './window-mask';

/** The exercises of 16.2, in order. */
export const exercises: readonly Exercise[] = [
  windowMask,
  seesTheFuture,
  answerLoss,
  nameBug,
  lossByHand,
];
