/**
 * The training loop: many steps, with reports of progress. It can be interrupted between any two
 * steps.
 */
import { check, checkInteger, checkNames } from '../base/checks';
import { breathe } from '../base/interrupt';
import type { ForwardOptions, GPT } from '../model/gpt';
import type { Batch } from '../text/batches';
import { adamW, ADAMW_SETTINGS, type AdamWOptions, type Optimizer } from './adamw';
import { trainStep } from './step';

/** The argument of `onStep`, which is called after every step. */
export interface Progress {
  /** The step just taken, from 1, of `steps`. */
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
   * Whether it then falls linearly, to 0 after the last step, or stays constant. Default `linear`.
   */
  decay?: 'linear' | 'none';
  /** Continues with this optimizer instead of a new one; it is then not disposed. */
  optimizer?: Optimizer;
  /**
   * Options of every forward pass, such as `{ causal: false }` to train without the causal mask
   * (16.2.3).
   */
  forward?: ForwardOptions;
  /**
   * Called after every step. If it returns a promise, the next step waits for it. It may call
   * `eval()` and generate: each step sets training mode again.
   */
  onStep?: (progress: Progress) => unknown;
  /**
   * Stops the loop with an `AbortError` between two steps. An interrupted notebook cell stops it
   * without a signal.
   */
  signal?: AbortSignal;
}

const NAMES = 'steps losses warmupSteps decay optimizer forward onStep signal'.split(' ');

/**
 * Trains `model` on the batches of `nextBatch`, in training mode, and then restores its mode.
 * Returns the loss before each step. An error that stops it has `losses`, too: those so far.
 * @throws RangeError if the loss becomes NaN or infinite (the message names the step), or on a
 *   setting outside its range
 * @throws AbortError when interrupted: the weights are then those after the last complete step
 */
export async function train(
  model: GPT,
  nextBatch: () => Batch,
  options: TrainOptions,
): Promise<number[]> {
  checkNames('setting', options, [...NAMES, ...ADAMW_SETTINGS]);
  const { steps, losses: earlier = [], warmupSteps = 0, decay = 'linear', ...more } = options;
  const { optimizer: given, forward, onStep, signal, ...settings } = more;
  checkInteger('steps', steps, { from: Math.max(1, earlier.length) });
  checkInteger('warmupSteps', warmupSteps, { from: 0, to: steps });
  check(['linear', 'none'].includes(decay), 'decay', 'linear or none', decay);
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
    for (let step = earlier.length + 1; step <= steps; step++) {
      await breathe(signal);
      const rise = Math.min(1, step / Math.max(1, warmupSteps));
      const fall = Math.min(1, (steps - step + 1) / Math.max(1, steps - warmupSteps));
      const learningRate = peak * rise * (decay === 'linear' ? fall : 1);
      optimizer.learningRate = learningRate;
      const batch = nextBatch();
      model.train(); // also after a callback that called eval()
      const loss = await trainStep(model, optimizer, batch, forward);
      optimizer.learningRate = peak; // so that a callback saves that one
      losses.push(loss);
      tokens += batch.inputIds.flat().length;
      const seconds = (performance.now() - start) / 1000;
      const secondsLeft = (seconds / (step - earlier.length)) * (steps - step);
      const tokensPerSecond = tokens / seconds;
      await onStep?.({ step, steps, loss, learningRate, tokensPerSecond, secondsLeft, losses });
    }
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
