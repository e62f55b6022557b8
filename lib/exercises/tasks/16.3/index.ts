import type { Exercise } from '../../exercise';
import { continueInWindow } from './continue-in-window';
import { secondWord } from './second-word';
import { writeOn } from './write-on';

/** The exercises of 16.3, in order. */
export const exercises: readonly Exercise[] = [secondWord, continueInWindow, writeOn];
