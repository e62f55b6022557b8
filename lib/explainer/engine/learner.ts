/** Live steps of training on one sentence, on a copy of the weights (16.2.2). */
import { mean } from '../../base/numbers';
import { GPT } from '../../model/gpt';
import type { Batch } from '../../text/batches';
import { adamW, type Optimizer } from '../../training/adamw';
import { lossPerPosition } from '../../training/loss';
import { trainStep } from '../../training/step';
import type { TrainingView, WorkDone } from './views';
import { addWork, NO_WORK, seePasses, workOf } from './work';

/**
 * So large that one step can be seen, and so small that with the sentence that the page begins with
 * no loss above a hundredth of a nat rises in twenty steps. With other sentences some may.
 */
export const LEARNING_RATE = 2e-4;

/** A backward pass takes twice the arithmetic of the forward pass (16.6.3). */
const FORWARD_AND_BACKWARD = 3;

type Losses = TrainingView['history'][number];

/** A copy of a model that learns one sentence, so far. */
interface Learner {
  readonly key: string;
  readonly copy: GPT;
  readonly optimizer: Optimizer;
  /** Before the first step, and after each. */
  readonly history: Losses[];
  work: WorkDone;
}

/** What a few steps have made of a model. */
export interface Learned {
  /** The model itself if there were no steps; otherwise a copy, which is used again. */
  readonly model: GPT;
  readonly history: readonly Losses[];
  readonly work: WorkDone;
}

/** The learner of each model: one more step goes on with it, fewer begin again. */
const learners = new WeakMap<GPT, Learner>();

/**
 * `steps` steps of AdamW on `batch`, from the weights of `model`, which are not changed. The copy
 * that is returned is valid until the next call with the same model.
 */
export async function learn(
  model: GPT,
  batch: Batch,
  steps: number,
  causal: boolean,
): Promise<Learned> {
  if (steps === 0) return { model, history: [await lossesOf(model, batch, causal)], work: NO_WORK };
  const learner = await learnerOf(model, batch, steps, causal);
  const { copy, optimizer, history } = learner;
  while (history.length <= steps) {
    const passes = await seePasses(copy, () => trainStep(copy, optimizer, batch, { causal }));
    learner.work = addWork(learner.work, workOf(copy, passes, FORWARD_AND_BACKWARD));
    history.push(await lossesOf(copy, batch, causal));
  }
  return { model: copy, history: [...history], work: learner.work };
}

async function learnerOf(
  model: GPT,
  batch: Batch,
  steps: number,
  causal: boolean,
): Promise<Learner> {
  const key = JSON.stringify([batch, causal]);
  const known = learners.get(model);
  if (known?.key === key && known.history.length <= steps + 1) return known;
  known?.optimizer.dispose();
  known?.copy.dispose();
  learners.delete(model);
  const copy = await copyOf(model);
  const optimizer = adamW(copy, { learningRate: LEARNING_RATE });
  const history = [await lossesOf(copy, batch, causal)];
  const learner: Learner = { key, copy, optimizer, history, work: NO_WORK };
  learners.set(model, learner);
  return learner;
}

async function lossesOf(model: GPT, batch: Batch, causal: boolean): Promise<Losses> {
  const [losses] = await lossPerPosition(model, batch, { causal });
  return { losses: losses!, mean: mean(losses!) };
}

/**
 * A model with the same weights, in inference mode, so that no dropout makes a step random. It
 * shares their memory until its first step, which gives each weight memory of its own.
 */
async function copyOf(model: GPT): Promise<GPT> {
  const copy = await GPT.create(model.config);
  for (const [name, weight] of model.parameters) copy.parameters.get(name)!.assign(weight);
  return copy.eval();
}
