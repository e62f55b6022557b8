/**
 * Evaluation on held-out text as a training goes on, and early stopping: a model that learns its
 * text by heart gets worse on every other text, and the best weights lie before that (Prechelt
 * 1998).
 */
import { check, checkInteger, checkNames } from '../base/checks';
import { breathe } from '../base/interrupt';
import { argmax } from '../base/numbers';
import type { Evaluated, EvaluationState } from '../files/training-files';
import type { ForwardOptions, GPT } from '../model/gpt';
import { tf } from '../tensor/tf';
import { type Batch, IGNORED, shiftTargets } from '../text/batches';
import type { Evaluation } from '../training/loop';
import { meanLoss } from '../training/loss';

/** Settings of {@link heldOut}, with the names of Hugging Face's Trainer. */
export interface HeldOutOptions {
  /** Held-out text, the same at every evaluation, such as {@link heldOutBatches} cuts it. */
  batches: readonly Batch[];
  /** Steps from one evaluation to the next; one is before the first step, one after the last. */
  evalSteps: number;
  /**
   * After so many evaluations in a row that are no better than the best one, training stops; it
   * ends with the weights of the best one. Default: it does not stop, and the weights stay as they
   * are.
   */
  patience?: number;
  /** The evaluations of a training that goes on: `evaluation` of `loadTraining`. */
  from?: EvaluationState;
}

/** Evaluations of one training, and the best weights where `patience` keeps them. */
export type HeldOutEvaluation = Evaluation & EvaluationState;

/**
 * Evaluates a model while `train` trains it, and with `patience` keeps its best weights: an
 * argument `evaluation` of `train`, and of `saveTraining`. At the end of such a training the model
 * has these weights, but the optimizer belongs to the last ones: save what is to go on before, in
 * `onStep`.
 * @throws RangeError on a setting that is unknown or outside its range, or if `from` has other best
 *   weights than its history says
 */
export function heldOut(options: HeldOutOptions): HeldOutEvaluation {
  checkNames('setting', options, ['batches', 'evalSteps', 'patience', 'from']);
  const { batches, evalSteps, patience, from } = options;
  check(Array.isArray(batches) && batches.length > 0, 'batches', 'at least one batch', batches);
  checkInteger('evalSteps', evalSteps, { from: 1 });
  if (patience !== undefined) checkInteger('patience', patience, { from: 1 });
  const history: Evaluated[] = [...(from?.history ?? [])];
  const keeps = patience !== undefined;
  check(
    !keeps || history.length === 0 || from?.best !== undefined,
    'from',
    'evaluations with their best weights, as patience saves them',
    from?.history,
  );
  return {
    history,
    best: keeps ? from?.best : undefined,
    async after(model, step, { steps, forward, signal }) {
      const isDue = step % evalSteps === 0 || step === steps;
      if (isDue && history.every((each) => each.step < step)) {
        const loss = await heldOutLoss(model, batches, { forward, signal });
        history.push({ step, loss });
        if (keeps && bestOf(history) === history.length - 1) this.best = copyOf(model);
      }
      return keeps && history.length - 1 - bestOf(history) >= patience;
    },
    finish(model) {
      for (const [name, weight] of this.best ?? []) {
        const values = tf.tensor(weight.dataSync(), [...weight.shape]);
        model.parameters.get(name)!.assign(values);
        values.dispose();
      }
    },
  };
}

/** The place of the lowest loss; of equal ones, the first. */
const bestOf = (history: readonly Evaluated[]): number => argmax(history.map(({ loss }) => -loss));

/** The weights as they are now. */
const copyOf = (model: GPT): EvaluationState['best'] =>
  new Map([...model.parameters].map(([name, weight]) => {
    const values = weight.dataSync(); // a copy: training changes the weight in place
    return [name, { shape: weight.shape, dataSync: () => values }];
  }));

/**
 * Mean loss of all targets of `batches`, in nats a token, with dropout off; the mode of the model
 * stays as it is.
 * @throws RangeError if a batch does not fit the model, or the loss is not finite
 * @throws AbortError when interrupted between two batches
 */
export async function heldOutLoss(
  model: GPT,
  batches: readonly Batch[],
  { forward = {}, signal }: { forward?: ForwardOptions; signal?: AbortSignal } = {},
): Promise<number> {
  let [total, count] = [0, 0];
  for (const batch of batches) {
    await breathe(signal);
    const mean = tf.tidy(() => meanLoss(model, batch, { ...forward, training: false }).dataSync());
    const targets = batch.targets.flat().filter((id) => id !== IGNORED).length;
    total += mean[0]! * targets;
    count += targets;
  }
  const loss = total / count;
  if (!Number.isFinite(loss)) throw new RangeError(`the loss on held-out text became ${loss}`);
  return loss;
}

/** How {@link heldOutBatches} cuts a text. */
export interface HeldOutCut {
  /** Rows in a batch, and tokens in a row, as in training. */
  batchSize: number;
  blockSize: number;
  /** The largest number of batches. Default 20. */
  maxBatches?: number;
}

/**
 * A held-out text as batches for {@link heldOut}: windows one after another from its beginning,
 * none over another; where that makes more than `maxBatches`, windows evenly spaced over the whole
 * text. What is left at its end is too short for a window and left out, unless it is all.
 * @throws RangeError if the text has fewer than two tokens, or a size is not an integer of at least
 *   1
 */
export function heldOutBatches(ids: readonly number[], options: HeldOutCut): Batch[] {
  checkNames('option', options, ['batchSize', 'blockSize', 'maxBatches']);
  const { batchSize, blockSize, maxBatches = 20 } = options;
  for (const [name, value] of Object.entries({ batchSize, blockSize, maxBatches }))
    checkInteger(name, value, { from: 1 });
  const windows = Math.max(1, Math.floor((ids.length - 1) / blockSize));
  const rows = Math.min(windows, batchSize * maxBatches);
  const pairs = Array.from({ length: rows }, (_, row) => {
    const start = Math.floor((row * windows) / rows) * blockSize;
    return shiftTargets(ids.slice(start, start + blockSize + 1));
  });
  return Array.from({ length: Math.ceil(rows / batchSize) }, (_, b) => {
    const part = pairs.slice(b * batchSize, (b + 1) * batchSize);
    return { inputIds: part.map(({ inputs }) => inputs), targets: part.map(({ targets }) =>
      targets
    ) };
  });
}
