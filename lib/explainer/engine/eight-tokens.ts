/** The worked example of 16.0: eight tokens, four numbers each, in both modes. */
import { eightTokenExample } from '../../experiments/eight-tokens';
import { hiddenStates } from '../../experiments/hidden-states';
import { EXAMPLES } from '../examples';
import { defaultState } from '../state';
import { computeInference } from './inference';
import type { Models } from './models';
import { differenceOf } from './roads';
import type { EightTokensView } from './views';

const state = defaultState('eight-tokens');

/** All of it is fixed: its sentence, its prompt of two tokens, three greedy steps. */
export async function computeEightTokens(models: Models): Promise<EightTokensView> {
  const { steps } = await computeInference(models, state);
  const model = await models.model(state.example);
  return models.once('eight tokens', {}, async () => {
    const { tokens, embeddings, hiddenStates: given } = eightTokenExample;
    const atOnce = await hiddenStates(model, EXAMPLES[state.example].encode(state.sentence));
    const passes: EightTokensView['steps'][number][] = [];
    for (const { context, chosen } of steps) {
      const hiddenState = (await hiddenStates(model, context.map(({ id }) => id))).at(-1)!;
      passes.push({ reads: context.length, hiddenState, chosen: chosen.text,
        differenceFromOnePass: differenceOf([hiddenState], [atOnce[context.length - 1]!]) });
    }
    return { tokens, embeddings, hiddenStates: atOnce, given,
      largestDifference: differenceOf(atOnce, given), steps: passes };
  });
}
