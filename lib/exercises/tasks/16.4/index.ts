import type { Exercise } from '../../exercise';
import { fromMemory } from './from-memory';
import { sampleNext } from './sample-next';
import { sentences } from './sentences';
import { textStream } from './text-stream';

/** The exercises of 16.4, in order. */
export const exercises: readonly Exercise[] = [fromMemory, sentences, sampleNext, textStream];
