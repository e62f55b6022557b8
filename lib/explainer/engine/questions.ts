/** The counts that answer a question that everybody has. */
import { QUESTIONS } from '../presets';
import { inferenceRun } from './inference';
import type { Models } from './models';
import type { Counted, QuestionView, WorkDone } from './views';
import { addWork, NO_WORK } from './work';

/** Each run of a question: what its first pass takes, and all that come after it. */
export async function computeQuestion(
  models: Models,
  id: (typeof QUESTIONS)[number]['id'],
): Promise<QuestionView> {
  const { runs } = QUESTIONS.find((question) => question.id === id)!;
  const counted: QuestionView['runs'][number][] = [];
  for (const run of runs) {
    const { view, work: [first, ...later] } = await inferenceRun(models, run.state);
    counted.push({ id: run.id, promptTokens: view.prompt.length, newTokens: view.steps.length,
      first: counts(first!), later: counts(later.reduce(addWork, NO_WORK)) });
  }
  return { id, runs: counted };
}

const counts = ({ passes, tokens, flops }: WorkDone): Counted => ({ passes, tokens, flops });
