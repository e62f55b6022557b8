/**
 * The training loop: many steps, with reports of progress. It can be interrupted between any two
 * steps.
 */
import { check, checkInteger, checkNames } from '../base/checks';
import { breathe } from '../base/interrupt';
import { cosineOfPi } from '../base/numbers';
import type { ForwardOptions, GPT } from '../model/gpt';
import type { Batch } from '../text/batches';
import { adamW, ADAMW_SETTINGS, type AdamWOptions, type Optimizer } from './adamw';
import { trainStep } from './step';

/** What evaluates a model on held-out text while it is trained: `heldOut` makes one. */
export interface Evaluation {
  /**
   * Evaluates where that is due after `step` steps, and only once; dropout is off. Returns whether
   * training should stop here.
   */
  after(model: GPT, step: number, options: TrainOptions): Promise<boolean>;
  /** Ends the training: gives the model its best weights, if those were kept. */
  finish(model: GPT): void;
}

/** The argument of `onStep`, which is called after every step. */
export interface TrainingProgress {
  /** The step just taken, from 1, of `steps`; after an early stop it is the last one. */
  step: number;
  steps: number;
  /** Mean loss before the step, in nats a token. */
  loss: number;
  learningRate: number;
  /** Tokens trained on per second since the start, and seconds left at that rate. */
  tokensPerSecond: number;
  secondsLeft: number;
  /** The loss of each step so far. */
  losses: readonly number[];
}

export interface TrainOptions extends AdamWOptions {
  /** Number of steps, with those of `losses`. */
  steps: number;
  /**
   * The losses of a training that was stopped: it goes on with the step after them, so that the
   * learning rate is that of a training without the stop. Pass its `optimizer`, too.
   */
  losses?: readonly number[];
  /** Steps in which the learning rate rises linearly from 0. Default 0. */
  warmupSteps?: number;
  /**
   * How it then falls, to 0 after the last step: linearly, along half a cosine (Loshchilov and
   * Hutter 2017), or not at all. Default `linear`.
   */
  decay?: keyof typeof DECAYS;
  /** Continues with this optimizer instead of a new one; it is then not disposed. */
  optimizer?: Optimizer;
  /** Evaluates on held-out text as training goes on, and may end it early with the best weights. */
  evaluation?: Evaluation;
  /**
   * Options of every forward pass, such as `{ causal: false }` to train without the causal mask
   * (16.2.3).
   */
  forward?: ForwardOptions;
  /**
   * Called after every step. If it returns a promise, the next step waits for it. It may call
   * `eval()` and generate: each step sets training mode again.
   */
  onStep?: (progress: TrainingProgress) => unknown;
  /**
   * Stops the loop with an `AbortError` between two steps. An interrupted notebook cell stops it
   * without a signal.
   */
  signal?: AbortSignal;
}

const NAMES = 'steps losses warmupSteps decay optimizer evaluation forward onStep signal';

/** The learning rate as a share of its peak, from the share of the steps that are left: 1 to 0. */
const DECAYS = { linear: (left: number) => left, none: () => 1,
  cosine: (left: number) => (1 - cosineOfPi(left)) / 2 };

/**
 * Trains `model` on the batches of `nextBatch`, in training mode, and then restores its mode.
 * Returns the loss before each step: fewer than `steps` if `evaluation` ends it early. An error
 * that stops it has `losses`, too: those so far.
 * @throws RangeError if the loss becomes NaN or infinite (the message names the step), or on a
 *   setting outside its range
 * @throws AbortError when interrupted: the weights are then those after the last complete step
 */
export async function train(
  model: GPT,
  nextBatch: () => Batch,
  options: TrainOptions,
): Promise<number[]> {
  checkNames('setting', options, [...NAMES.split(' '), ...ADAMW_SETTINGS]);
  const { steps, losses: earlier = [], warmupSteps = 0, decay = 'linear', ...more } = options;
  const { optimizer: given, evaluation, forward, onStep, signal, ...settings } = more;
  checkInteger('steps', steps, { from: Math.max(1, earlier.length) });
  checkInteger('warmupSteps', warmupSteps, { from: 0, to: steps });
  check(Object.hasOwn(DECAYS, decay), 'decay', Object.keys(DECAYS).join(', '), decay);
  const taken = ADAMW_SETTINGS.filter((name) => Reflect.get(settings, name) !== undefined);
  const wanted = 'none beside an optimizer, which has its own (set optimizer.learningRate)';
  check(!given || taken.length === 0, 'settings of AdamW', wanted, taken);
  const optimizer = given ?? adamW(model, settings);
  const peak = optimizer.learningRate;
  const wasTraining = model.training;
  const losses = [...earlier];
  const start = performance.now();
  let tokens = 0;
  try {
    let isOver = await evaluation?.after(model, earlier.length, options);
    for (let step = earlier.length + 1; step <= steps && !isOver; step++) {
      await breathe(signal);
      const rise = Math.min(1, step / Math.max(1, warmupSteps));
      const fall = Math.min(1, (steps - step + 1) / Math.max(1, steps - warmupSteps));
      const learningRate = peak * rise * DECAYS[decay](fall);
      optimizer.learningRate = learningRate;
      const batch = nextBatch();
      model.train(); // also after a callback that called eval()
      const loss = await trainStep(model, optimizer, batch, forward);
      optimizer.learningRate = peak; // so that a callback saves that one
      losses.push(loss);
      tokens += batch.inputIds.flat().length;
      isOver = await evaluation?.after(model, step, options);
      const last = isOver ? step : steps;
      const seconds = (performance.now() - start) / 1000;
      const tokensPerSecond = tokens / seconds;
      const secondsLeft = (seconds / (step - earlier.length)) * (last - step);
      const progress = { step, steps: last, loss, learningRate, tokensPerSecond, secondsLeft };
      await onStep?.({ ...progress, losses });
    }
    evaluation?.finish(model);
    return losses;
  } catch (error) {
    if (error instanceof Error) Reflect.set(error, 'losses', losses);
    throw error;
  } finally {
    model.training = wasTraining;
    optimizer.learningRate = peak;
    if (!given) optimizer.dispose();
  }
}
