/**
 * What becomes of a model that is trained on true texts and then has to read its own: exposure bias
 * (Bengio et al. 2015). Teacher forcing gives it the true words at every step; free running gives
 * it back what it said itself (16.3).
 */
import type { GPT } from '../model/gpt';
import { breathe } from '../base/interrupt';
import { argmax, logSoftmax, mean } from '../base/numbers';
import { Random } from '../base/random';
import { nextLogits } from '../inference/next-logits';
import { checkOptions } from '../inference/options';
import { nextTokenProbabilities } from '../inference/processors';

export interface FreeRunningOptions {
  /** How many tokens of each reference are given as the prompt. */
  promptLength: number;
  /**
   * False: the model reads the true tokens at every step (teacher forcing). True: after the prompt
   * it reads its own.
   */
  freeRunning: boolean;
  /**
   * How its own tokens are chosen: 0 takes the most likely, above 0 draws at that temperature.
   * Default 0.
   */
  temperature?: number;
  seed?: number;
}

/** One value a step, each the mean over all references. */
export interface FreeRunning {
  /** Share of references whose true token at this step is the model's first choice. */
  agreement: number[];
  /** −log of the probability that the model gives to the true token of this step, in nats. */
  loss: number[];
  /** What the model has read in the end: [reference][token]. */
  read: number[][];
}

/**
 * Goes through `references` (true token ids, all of one length) step by step and asks at each for
 * the next token.
 * @throws RangeError if they differ in length, or the prompt leaves no token to predict
 */
export async function compareWithTruth(
  model: GPT,
  references: readonly (readonly number[])[],
  options: FreeRunningOptions,
): Promise<FreeRunning> {
  const { promptLength, freeRunning, temperature = 0, seed = 0 } = options;
  checkOptions({ temperature, seed });
  const length = references[0]?.length ?? 0;
  if (references.some((reference) => reference.length !== length))
    throw new RangeError('references must all have one length');
  if (!(Number.isInteger(promptLength) && promptLength >= 1 && promptLength < length)) {
    throw new RangeError(
      `promptLength must be a whole number from 1 to ${length - 1}, got ${promptLength}`,
    );
  }
  const random = new Random(seed);
  const read = references.map((reference) => reference.slice(0, promptLength));
  const result: FreeRunning = { agreement: [], loss: [], read };
  for (let step = promptLength; step < length; step++) {
    await breathe();
    const logits = nextLogits(model, read);
    const truth = references.map((reference) => reference[step]!);
    result.agreement.push(mean(truth.map((token, i) => (argmax(logits[i]!) === token ? 1 : 0))));
    result.loss.push(mean(truth.map((token, i) => -logSoftmax(logits[i]!)[token]!)));
    read.forEach((row, i) => {
      const own = (): number => random.choose(nextTokenProbabilities(logits[i]!, { temperature }));
      row.push(freeRunning ? own() : truth[i]!);
    });
  }
  return result;
}
