/**
 * Measures exposure bias (Bengio et al. 2015, "Scheduled sampling"): how much worse the predictions
 * of a model that was trained on true texts become when it reads its own text. With teacher forcing
 * it reads the true tokens at every step; running free it reads the tokens that it chose itself.
 * 16.3 plots both.
 */
import type { GPT } from '../model/gpt';
import { check, checkBoolean, checkInteger, checkNames } from '../base/checks';
import { breathe } from '../base/interrupt';
import { argmax, logSoftmax, mean } from '../base/numbers';
import { Random } from '../base/random';
import { checkTokens } from '../base/row-checks';
import { nextLogits } from '../inference/next-logits';
import { checkProcessors } from '../inference/options';
import { nextTokenProbabilities } from '../inference/processors';

export interface FreeRunningOptions {
  /** How many tokens of each reference are given as the prompt. */
  promptLength: number;
  /**
   * False: the model reads the true tokens at every step (teacher forcing). True: after the prompt
   * it reads the tokens that it chose itself.
   */
  freeRunning: boolean;
  /**
   * How it chooses tokens: at 0 it takes the most likely one, above 0 it samples at that
   * temperature. Default 0.
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
  /**
   * The tokens that the model has read, and its last choice or the last true token:
   * [reference][token].
   */
  read: number[][];
}

/**
 * Goes through `references` (true token ids, all of one length) step by step and compares the
 * prediction of `model` with the true token.
 * @throws RangeError if they differ in length or hold ids outside the vocabulary, the prompt leaves
 *   no token to predict, or an option is out of range
 */
export async function compareWithTruth(
  model: GPT,
  references: readonly (readonly number[])[],
  options: FreeRunningOptions,
): Promise<FreeRunning> {
  const known = ['promptLength', 'freeRunning', 'temperature', 'seed'];
  checkNames('option', options, known);
  const { promptLength, freeRunning, temperature = 0, seed = 0 } = options;
  checkBoolean('freeRunning', freeRunning);
  checkProcessors({ temperature });
  const length = references[0]?.length ?? 0;
  const lengths = references.map((reference) => reference.length);
  check(lengths.every((each) => each === length), 'references', 'all of one length', lengths);
  checkInteger('promptLength', promptLength, { from: 1, to: length - 1 });
  checkTokens(references, model.config.vocabSize);
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
