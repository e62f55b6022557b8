/** Dropout left on: the same question asked three times, in each mode (16.1, 16.6.7). */
import { Random } from '../../base/random';
import { nextLogits } from '../../inference/next-logits';
import { EXAMPLES } from '../examples';
import type { State } from '../state';
import { distributionAfter, processorsOf, tokensOf } from './distribution';
import { computeInference } from './inference';
import { DROPOUT_RATE, type Models } from './models';
import type { Distribution, DropoutView } from './views';

/** How often the question is asked. */
const TIMES = 3;

/**
 * The question is the context at the shown step of a state. With dropout on, each answer comes from
 * a model of which a different random part is left out, which `seed` determines.
 */
export async function computeDropout(models: Models, state: State): Promise<DropoutView> {
  const { steps, sequence } = await computeInference(models, state);
  const asked = steps[state.step]?.context ?? sequence;
  const ids = asked.map(({ id }) => id);
  const { example: name, seed } = state;
  const model = await models.model(name, 'dropout');
  const processors = processorsOf(state);
  return models.once('dropout', { name, ids, seed, ...processors }, () => {
    const example = EXAMPLES[name];
    model.random.state = new Random(seed).state;
    const ask = (training: boolean): Distribution[] =>
      Array.from({ length: TIMES }, () => {
        const [logits] = nextLogits(model, [ids], 0, training);
        return distributionAfter(example, ids, logits!, processors);
      });
    const [answers, quiet] = [ask(true), ask(false)];
    return Promise.resolve({ question: tokensOf(example, ids), rate: DROPOUT_RATE, answers, quiet,
      compared: compared(answers, quiet) });
  });
}

/** The most probable token of each answer, and the three most probable of the quiet one. */
function compared(
  answers: readonly Distribution[],
  quiet: readonly Distribution[],
): DropoutView['compared'] {
  const probabilityIn = (distribution: Distribution, id: number): number =>
    distribution.find((bar) => bar.id === id)!.processed;
  const first = [...quiet[0]!.slice(0, 3), ...answers.map(([best]) => best!)];
  return [...new Map(first.map((bar) => [bar.id, bar])).values()].map(({ id, text, exact }) => ({
    id,
    text,
    exact,
    answers: answers.map((each) => probabilityIn(each, id)),
    quiet: quiet.map((each) => probabilityIn(each, id)),
  }));
}
