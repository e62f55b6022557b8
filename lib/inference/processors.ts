/**
 * From the logits of one position to the distribution that the next token is sampled from (16.7).
 * Each setting is one small function; `nextTokenProbabilities` applies them in the order of Hugging
 * Face transformers.
 */
import { argmax, softmax } from '../base/numbers';
import { checkLogits, checkTokens } from '../base/row-checks';
import { checkProcessors, type ProcessorOptions } from './options';

/** Logits of one position, [vocab]. An impossible token has −Infinity. */
export type Logits = ArrayLike<number>;

/** The tokens of one text. */
export type TokenIds = readonly number[];

/**
 * The distribution after all processors of `generate`: `logits` [vocab] of one position →
 * probabilities [vocab] that sum to 1. `previousIds` are the tokens so far, for the repetition
 * settings.
 * @throws RangeError on an option out of its range, on logits that are NaN or +Infinity, on a token
 *   outside their vocabulary, or if no token is possible
 */
export function nextTokenProbabilities(
  logits: Logits,
  options: ProcessorOptions = {},
  previousIds: TokenIds = [],
): Float32Array {
  checkProcessors(options);
  checkTokens([previousIds], logits.length);
  const scores = processLogits(logits, options, previousIds);
  return Float32Array.from(softmax(checkPossible(scores, options)));
}

/**
 * The logits after all processors, in the order of Hugging Face transformers; the same object if no
 * setting applies. −Infinity for all tokens if `noRepeatNgramSize` leaves none.
 * @throws RangeError on logits that are NaN or +Infinity, or −Infinity for all tokens
 */
export function processLogits(logits: Logits, options: ProcessorOptions, ids: TokenIds): Logits {
  const { repetitionPenalty = 1, noRepeatNgramSize = 0, doSample = true } = options;
  const { temperature = 1, topK = 0, topP = 1, minP = 0 } = options;
  checkLogits(logits);
  let scores = logits;
  if (repetitionPenalty !== 1) scores = penalizeRepetition(scores, ids, repetitionPenalty);
  if (noRepeatNgramSize > 0) scores = banRepeatedNgrams(scores, ids, noRepeatNgramSize);
  if (!doSample || maximum(scores) === -Infinity) return scores;
  if (temperature !== 1) scores = divideByTemperature(scores, temperature);
  if (topK > 0) scores = keepTopK(scores, topK);
  if (topP < 1) scores = keepTopP(scores, topP);
  if (minP > 0) scores = keepMinP(scores, minP);
  return scores;
}

/** @throws RangeError if no token is left */
export function checkPossible(scores: Logits, { noRepeatNgramSize }: ProcessorOptions): Logits {
  if (maximum(scores) > -Infinity) return scores;
  const cause = `noRepeatNgramSize ${noRepeatNgramSize}`;
  throw new RangeError(`${cause} leaves no token that could follow; make it larger`);
}

const maximum = (values: Logits): number => values[argmax(values)]!;

/**
 * Tokens in `ids`: a positive logit is divided by `penalty`, a negative one multiplied (Keskar et
 * al. 2019).
 */
function penalizeRepetition(logits: Logits, ids: TokenIds, penalty: number): Float64Array {
  const scores = new Float64Array(logits);
  for (const id of new Set(ids)) {
    const score = scores[id]!;
    scores[id] = score < 0 ? score * penalty : score / penalty;
  }
  return scores;
}

/** Bans every token that would complete an n-gram that is already in `ids` (Paulus et al. 2017). */
function banRepeatedNgrams(logits: Logits, ids: TokenIds, size: number): Float64Array {
  const scores = new Float64Array(logits);
  if (ids.length + 1 < size) return scores;
  const last = ids.slice(ids.length - size + 1);
  for (let start = 0; start + size <= ids.length; start++) {
    const isSame = last.every((id, i) => ids[start + i] === id);
    if (isSame) scores[ids[start + size - 1]!] = -Infinity;
  }
  return scores;
}

/**
 * Below 1 the distribution becomes sharper, above 1 flatter (16.7.2); 0 leaves only the (first)
 * most likely token.
 */
function divideByTemperature(logits: Logits, temperature: number): Float64Array {
  const scores = new Float64Array(logits);
  const likeliest = argmax(scores);
  if (temperature === 0) return scores.map((score, id) => (id === likeliest ? score : -Infinity));
  const most = scores[likeliest]!; // scores are at most 0, so a tiny temperature gives no NaN
  return scores.map((score) => (score === most ? 0 : (score - most) / temperature));
}

/** Keeps the `k` most likely tokens, and those exactly as likely as the last of them. */
function keepTopK(logits: Logits, k: number): Float64Array {
  const scores = new Float64Array(logits);
  if (k >= scores.length) return scores;
  const threshold = scores.slice().sort().at(-k)!;
  return scores.map((score) => (score < threshold ? -Infinity : score));
}

/**
 * Keeps the nucleus: the smallest set of most likely tokens whose probability reaches `p`, with the
 * token that crosses `p`; never empty (Holtzman et al. 2020). Of equally likely tokens, the later
 * ones in the vocabulary are kept.
 */
function keepTopP(logits: Logits, p: number): Float64Array {
  const probabilities = softmax(logits);
  const rising = probabilities.slice().sort();
  let below = 0;
  const crosses = rising.findIndex((probability) => (below += probability) > 1 - p);
  const first = crosses < 0 ? rising.length - 1 : crosses;
  const least = rising[first]!;
  let room = rising.lastIndexOf(least) - first + 1; // for tokens exactly as likely as the least one
  const scores = new Float64Array(logits);
  for (let id = scores.length - 1; id >= 0; id--) {
    const probability = probabilities[id]!;
    if (probability < least || (probability === least && room-- <= 0)) scores[id] = -Infinity;
  }
  return scores;
}

/** Keeps tokens that are at least `p` times as likely as the most likely one. */
function keepMinP(logits: Logits, p: number): Float64Array {
  const probabilities = softmax(logits);
  const least = p * maximum(probabilities);
  const cut = (logit: number, id: number): number => probabilities[id]! < least ? -Infinity : logit;
  return new Float64Array(logits).map(cut);
}
