/** ALL → ALL: one pass over the sentence, an answer at every position (16.2). */
import { mean } from '../../base/numbers';
import { log } from '../../base/exp-and-log';
import { shiftTargets } from '../../text/batches';
import { type Example, EXAMPLES } from '../examples';
import type { State } from '../state';
import { distributionAfter, tokenOf } from './distribution';
import { headsOf, statesOf } from './inside';
import { learn } from './learner';
import type { Models } from './models';
import type { TrainingPosition, TrainingView, WorkDone } from './views';
import { addWork, seePasses, workOf } from './work';

/** A view, and what its passes took. */
export interface Lesson {
  readonly view: TrainingView;
  readonly work: WorkDone;
}

/**
 * One pass over the sentence of a state, after as many live steps of training as it says. Without
 * the causal mask, the model is one that was trained without it; the example of eight tokens has
 * only one model.
 */
export async function trainingLesson(models: Models, state: State): Promise<Lesson> {
  const { example: name, sentence, causal, trainingSteps } = state;
  const model = await models.model(name, causal ? 'trained' : 'without mask');
  const inputs = { name, sentence, causal, trainingSteps };
  return models.once('training', inputs, async () => {
    const example = EXAMPLES[name];
    const pair = shiftTargets(example.encode(sentence));
    const batch = { inputIds: [pair.inputs], targets: [pair.targets] };
    const { model: taught, history, work } = await learn(model, batch, trainingSteps, causal);
    const [pass] = await seePasses(
      taught,
      () => taught.forward([pair.inputs], { causal }).dispose(),
    );
    const { losses, mean: meanLoss } = history.at(-1)!;
    const positions = positionsOf(
      example,
      pair,
      pass!.logits,
      losses,
      statesOf(taught, pair.inputs, { causal }),
    );
    const exact = positions.map(({ exactLoss }) => exactLoss);
    const view = { causal, positions, heads: headsOf(taught, pair.inputs, { causal }), meanLoss,
      exactMeanLoss: exact.includes(null) ? null : mean(exact as number[]), history };
    return { view, work: trainingSteps > 0 ? work : addWork(work, workOf(model, [pass!])) };
  });
}

/** The view of {@link trainingLesson} alone. */
export async function computeTraining(models: Models, state: State): Promise<TrainingView> {
  return (await trainingLesson(models, state)).view;
}

/** From the logits [seq · vocab], and the vectors around the blocks [layers + 1][seq][width]. */
function positionsOf(
  example: Example,
  { inputs, targets }: { inputs: readonly number[]; targets: readonly number[] },
  logits: Float32Array,
  losses: readonly number[],
  states: readonly (readonly (readonly number[])[])[],
): TrainingPosition[] {
  const vocabSize = example.vocabulary.length;
  return inputs.map((id, t) => {
    const read = inputs.slice(0, t + 1);
    const exact = example.exactAfter(read)?.[targets[t]!];
    return {
      input: tokenOf(example, id),
      target: tokenOf(example, targets[t]!),
      loss: losses[t]!,
      exactLoss: exact === undefined ? null : -log(exact),
      embedding: states[0]![t]!,
      hidden: states.slice(1).map((rows) => rows[t]!),
      distribution: distributionAfter(
        example,
        read,
        logits.subarray(t * vocabSize, (t + 1) * vocabSize),
      ),
    };
  });
}
