import type { Exercise } from '../../exercise';
import { certainFirst } from './certain-first';
import { inOrder } from './in-order';
import { mutualInformation } from './mutual-information';
import { validShare } from './valid-share';

/** The exercises of 16.8, in order. */
export const exercises: readonly Exercise[] = [
  validShare,
  inOrder,
  mutualInformation,
  certainFirst,
];
