/** The counter between the two modes: what each took so far (16.6). */
import type { State } from '../state';
import { inferenceRun } from './inference';
import type { Models } from './models';
import { trainingLesson } from './training';
import type { CounterView } from './views';
import { addWork, NO_WORK } from './work';

/**
 * Left, the one pass over the sentence, or the live steps of training; right, the passes of
 * inference up to the shown step. The milliseconds were measured when they were computed.
 */
export async function computeCounter(models: Models, state: State): Promise<CounterView> {
  const training = (await trainingLesson(models, state)).work;
  const passes = (await inferenceRun(models, state)).work;
  return { training, inference: passes.slice(0, state.step).reduce(addWork, NO_WORK) };
}
