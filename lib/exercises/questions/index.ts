/**
 * The questions of the self-test (16.9), in the order of the sections; self-test.ts marks the
 * answers.
 */
import type { Question } from '../self-test';
import { BY_HAND } from './by-hand';
import { COST } from './cost';
import { DECODING_STRATEGIES } from './decoding';
import { GENERATE_LOOP } from './generate-loop';
import { GENERATION } from './generation';
import { PADDING } from './padding';
import { TEACHER_FORCING } from './teacher-forcing';
import { TWO_MODES } from './two-modes';
import { WORD_ORDER } from './word-order';

export const QUESTIONS: readonly Question[] = [
  ...BY_HAND,
  ...TWO_MODES,
  ...TEACHER_FORCING,
  ...GENERATION,
  ...GENERATE_LOOP,
  ...PADDING,
  ...COST,
  ...DECODING_STRATEGIES,
  ...WORD_ORDER,
];
