/**
 * From the logits of one position to the distribution that the next token is drawn from (16.7).
 * Each setting is one small function; `nextTokenProbabilities` applies them in the order of Hugging
 * Face transformers.
 */
import { checkTokens } from '../model/inputs';
import { checkOptions, type ProcessorOptions } from './options';

/** Logits of one position, [vocab]. A token that cannot come has −Infinity. */
export type Logits = ArrayLike<number>;

/**
 * The distribution after all processors of `generate`: `logits` [vocab] of one position →
 * probabilities [vocab] that sum to 1. `previousIds` are the tokens so far, which the repetition
 * settings look at.
 * @throws RangeError on an option out of its range, on logits that are NaN or +Infinity, on a token
 *   outside their vocabulary, or if no token is possible
 */
export function nextTokenProbabilities(
  logits: Logits,
  options: ProcessorOptions = {},
  previousIds: readonly number[] = [],
): Float32Array {
  checkOptions(options);
  checkTokens([previousIds], logits.length);
  return Float32Array.from(softmax(processLogits(logits, options, previousIds)));
}

/**
 * The logits after all processors, as {@link nextTokenProbabilities} has them before the softmax;
 * themselves where no setting applies. Throws as it does.
 */
export function processLogits(
  logits: Logits,
  options: ProcessorOptions,
  previousIds: readonly number[],
): Logits {
  const scores = processBeam(logits, options, previousIds);
  if (options.noRepeatNgramSize && !isPossible(scores)) throw noTokenLeft(options);
  return scores;
}

/**
 * As {@link processLogits}, but −Infinity for all tokens if `noRepeatNgramSize` leaves none: of
 * several beams, one may end so.
 */
export function processBeam(
  logits: Logits,
  options: ProcessorOptions,
  previousIds: readonly number[],
): Logits {
  const { repetitionPenalty = 1, noRepeatNgramSize = 0, doSample = true, temperature = 1, topK = 0,
    topP = 1, minP = 0 } = options;
  checkLogits(logits);
  let scores = logits;
  if (repetitionPenalty !== 1) scores = penalizeRepetition(scores, previousIds, repetitionPenalty);
  if (noRepeatNgramSize > 0) {
    scores = banRepeatedNgrams(scores, previousIds, noRepeatNgramSize);
    if (!isPossible(scores)) return scores;
  }
  if (doSample) {
    if (temperature !== 1) scores = divideByTemperature(scores, temperature);
    if (topK > 0) scores = keepTopK(scores, topK);
    if (topP < 1) scores = keepTopP(scores, topP);
    if (minP > 0) scores = keepMinP(scores, minP);
  }
  return scores;
}

/** The error of a sequence that cannot go on. */
export function noTokenLeft({ noRepeatNgramSize }: ProcessorOptions): RangeError {
  return new RangeError(
    `noRepeatNgramSize ${noRepeatNgramSize} leaves no token that could follow; make it larger`,
  );
}

const isPossible = (scores: Logits): boolean => maximum(scores) > -Infinity;

function checkLogits(logits: Logits): void {
  if (!(logits.length > 0)) throw new RangeError('logits must hold at least one number, got none');
  let possible = false;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id]!;
    if (!(logit < Infinity))
      throw new RangeError(`logits must be numbers below Infinity, got ${logit} for token ${id}`);
    possible ||= logit > -Infinity;
  }
  if (!possible) throw new RangeError('at least one token must be possible, got −Infinity for all');
}

/** exp(logit), divided by the sum of all: numbers that sum to 1. */
export function softmax(logits: Logits): Float64Array {
  const scores = new Float64Array(logits);
  const most = maximum(scores);
  // no overflow: the largest is exp(0)
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** log(softmax): also right where the probability is too small for a number. */
export function logSoftmax(logits: Logits): Float64Array {
  const scores = new Float64Array(logits);
  const most = maximum(scores);
  const logSum = Math.log(scores.reduce((sum, score) => sum + Math.exp(score - most), 0));
  return scores.map((score) => score - most - logSum);
}

/**
 * Tokens in `previousIds`: a positive logit is divided by `penalty`, a negative one multiplied
 * (Keskar et al. 2019).
 */
export function penalizeRepetition(
  logits: Logits,
  previousIds: readonly number[],
  penalty: number,
): Float64Array {
  const scores = new Float64Array(logits);
  for (const id of new Set(previousIds))
    scores[id] = scores[id]! < 0
      ? scores[id]! * penalty
      : scores[id]! / penalty;
  return scores;
}

/**
 * Bans every token that would complete an n-gram which `previousIds` already holds (Paulus et al.
 * 2017).
 */
export function banRepeatedNgrams(
  logits: Logits,
  previousIds: readonly number[],
  size: number,
): Float64Array {
  const scores = new Float64Array(logits);
  if (previousIds.length + 1 < size) return scores;
  const last = previousIds.slice(previousIds.length - size + 1);
  for (let start = 0; start + size <= previousIds.length; start++) {
    if (last.every((id, i) => previousIds[start + i] === id))
      scores[previousIds[start + size - 1]!] = -Infinity;
  }
  return scores;
}

/**
 * Below 1 the distribution becomes sharper, above 1 flatter (16.7.2); 0 leaves only the (first)
 * most likely token.
 */
export function divideByTemperature(logits: Logits, temperature: number): Float64Array {
  const scores = new Float64Array(logits);
  const likeliest = argmax(scores);
  if (temperature === 0) return scores.map((score, id) => (id === likeliest ? score : -Infinity));
  // scores below or at 0, so that a tiny temperature gives −Infinity and never NaN
  const most = scores[likeliest]!;
  return scores.map((score) => (score === most ? 0 : (score - most) / temperature));
}

/** The `k` most likely tokens, and those exactly as likely as the last of them. */
export function keepTopK(logits: Logits, k: number): Float64Array {
  const scores = new Float64Array(logits);
  if (k >= scores.length) return scores;
  const threshold = scores.slice().sort().at(-k)!;
  return scores.map((score) => (score < threshold ? -Infinity : score));
}

/**
 * The nucleus: the smallest set of most likely tokens whose probability reaches `p`, the one that
 * crosses it included; never empty (Holtzman et al. 2020). Of tokens exactly as likely, the later
 * in the vocabulary stays.
 */
export function keepTopP(logits: Logits, p: number): Float64Array {
  const scores = new Float64Array(logits);
  const probabilities = softmax(scores);
  const rising = probabilities.slice().sort();
  let below = 0;
  const first = rising.findIndex((probability, rank) =>
    (below += probability) > 1 - p || rank === rising.length - 1
  );
  const least = rising[first]!;
  // for tokens exactly as likely as the least likely one that stays
  let room = rising.lastIndexOf(least) - first + 1;
  for (let id = scores.length - 1; id >= 0; id--) {
    if (probabilities[id]! < least || (probabilities[id] === least && room-- <= 0))
      scores[id] = -Infinity;
  }
  return scores;
}

/** Tokens at least `p` times as likely as the most likely one. */
export function keepMinP(logits: Logits, p: number): Float64Array {
  const scores = new Float64Array(logits);
  const probabilities = softmax(scores);
  const least = p * maximum(probabilities);
  return scores.map((score, id) => (probabilities[id]! < least ? -Infinity : score));
}

/** The index of the largest number; of equals, the first. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  let most = values[0]!;
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!;
    if (value > most) [best, most] = [i, value];
  }
  return best;
}

const maximum = (values: Logits): number => values[argmax(values)]!;
