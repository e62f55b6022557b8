/**
 * Generates text in parallel instead of from left to right (16.8): mask-predict (Ghazvininejad et
 * al. 2019) fills all positions at once, or in a few passes. Each pass fills every hole
 * independently of the others. That makes it fast, and it mixes words of different texts, which
 * 16.8 measures with the exact language and with a trained model.
 */
import type { GPT } from '../model/gpt';
import { checkBoolean, checkEach, checkInteger, integer, only } from '../base/checks';
import { breathe } from '../base/interrupt';
import { Random } from '../base/random';
import { tf } from '../tensor/tf';
import type { Completion } from '../language/exact-language';
import type { Tokenizer } from '../text/tokenizer';
import { argmax } from '../base/numbers';

/** A text with holes: token ids, and null at positions to be filled. */
export type Holes = readonly (number | null)[];

/** One pass: texts of one length → the distribution [vocab] at every [text][position]. */
export type FillIn = (texts: readonly Holes[]) => Promise<Float32Array[][]>;

const ORDERS = ['certain', 'random', 'leftToRight', 'rightToLeft'] as const;

/** Orders in which tokens are kept for good, see {@link MaskPredictOptions}. */
export type KeepOrder = typeof ORDERS[number];

export interface MaskPredictOptions {
  /** Passes; 1 fills all holes at once, each independently of the others. */
  passes: number;
  /** The number of texts. Default 1. */
  count?: number;
  /**
   * True samples each token from its distribution, false takes the most probable one, as in the
   * paper. Default false.
   */
  doSample?: boolean;
  /** The seed of `doSample`. Default 0. */
  seed?: number;
  /**
   * The order in which tokens are kept for good; what a pass does not keep becomes a hole again.
   * With one token a pass, exact distributions give possible texts in any of them, because each
   * token is sampled given all that are kept, and exact samples in all but `certain`: that one
   * keeps the most probable of the sampled tokens, so probable tokens come up too often. Default:
   * the rule of the paper, which compares the
   * certainties of different passes: it can throw a kept token out, and at the end it can keep two
   * tokens of one pass, sampled independently of each other.
   */
  order?: KeepOrder;
  /**
   * Called after each pass with the texts and the positions that this pass filled. If it returns a
   * promise, the next pass waits for it.
   */
  onPass?: (texts: number[][], filled: boolean[][]) => unknown;
}

/** Most passes, and most texts or tokens: a pass makes a distribution for each of them. */
const MOST = 100_000;
const OPTIONS = { passes: integer({ from: 1, to: MOST }), count: integer({ from: 1, to: MOST }),
  doSample: checkBoolean, seed: integer({ from: 0 }),
  order: only(`one of ${ORDERS.join(', ')}`, (value) => ORDERS.includes(value as KeepOrder)),
  onPass: only('a function', (value) => value === null || typeof value === 'function') };

/**
 * Mask-predict (Ghazvininejad et al. 2019): every pass fills all holes of all texts, then the least
 * certain tokens become holes again, fewer after each pass. Returns `count` texts of `length` token
 * ids.
 * @throws RangeError if passes, count or length are not integers of at least 1
 */
export async function maskPredict(
  fillIn: FillIn,
  length: number,
  options: MaskPredictOptions,
): Promise<number[][]> {
  const { passes, count = 1, doSample = false, seed = 0, order, onPass } = options;
  checkInteger('passes', passes, { from: 1, to: MOST });
  checkInteger('length', length, { from: 1, to: MOST });
  checkEach('option', options, OPTIONS);
  const root = new Random(seed);
  const randoms = Array.from({ length: count }, (_, i) => root.fork(`text ${i}`));
  const texts = randoms.map(() => new Array<number>(length).fill(0));
  const ranks = randoms.map(() => new Array<number>(length).fill(0)); // the highest are kept
  for (let pass = 0; pass < passes; pass++) {
    await breathe();
    const holes = Math.max(1, Math.floor((length * (passes - pass)) / passes));
    const hidden = ranks.map((row) => lowest(row, holes));
    const distributions = await fillIn(
      texts.map((ids, row) => ids.map((id, i) => (hidden[row]![i] ? null : id))),
    );
    texts.forEach((ids, row) =>
      ids.forEach((_, i) => {
        if (!hidden[row]![i]) {
          if (order) ranks[row]![i] = Infinity; // kept for good
          return;
        }
        const distribution = distributions[row]![i]!;
        const random = randoms[row]!;
        const token = doSample ? random.choose(distribution) : argmax(distribution);
        ids[i] = token;
        if (order === 'random') ranks[row]![i] = random.uniform();
        else if (order === 'leftToRight') ranks[row]![i] = -i;
        else if (order === 'rightToLeft') ranks[row]![i] = i;
        else ranks[row]![i] = distribution[token]!;
      })
    );
    await onPass?.(texts.map((ids) => [...ids]), hidden);
  }
  return texts;
}

/** True at the `count` positions with the lowest values; of equal ones, the first. */
function lowest(values: readonly number[], count: number): boolean[] {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]! || a - b);
  const chosen = new Set(order.slice(0, count));
  return values.map((_, i) => chosen.has(i));
}

/**
 * Fills holes with full knowledge of the language: the exact distribution at each position, given
 * the tokens that are already there. `completions` are all possible texts with their probabilities;
 * those shorter than `length` are filled up with `<eos>`, longer ones are left out. If no
 * completion has all the given tokens, those that agree in the most positions are used.
 * @throws RangeError if no completion is short enough
 */
export function exactFillIn(
  completions: readonly Completion[],
  tokenizer: Tokenizer & { id(word: string): number },
  length: number,
): FillIn {
  checkInteger('length', length, { from: 1, to: MOST });
  const known = completions.filter(({ words }) => words.length <= length).map(
    ({ words, probability }) => {
      const ids = words.map((word) => tokenizer.id(word));
      return { ids: [...ids, ...new Array<number>(length - ids.length).fill(tokenizer.eosTokenId)],
        probability };
    },
  );
  if (known.length === 0) throw new RangeError(`no completion has at most ${length} words`);
  return (texts) =>
    Promise.resolve(texts.map((text) => {
      const agreements = known.map(({ ids }) => text.filter((id, i) => id === ids[i]).length);
      const most = agreements.reduce((a, b) => Math.max(a, b));
      const possible = known.filter((_, i) => agreements[i] === most);
      const total = possible.reduce((sum, { probability }) => sum + probability, 0);
      return text.map((_, i) => {
        const distribution = new Float32Array(tokenizer.vocabSize);
        for (const { ids, probability } of possible) distribution[ids[i]!]! += probability / total;
        return distribution;
      });
    }));
}

/**
 * Fills holes with a model that was trained for that (see {@link maskedBatches}): one pass without
 * the causal mask over `prompt` [n] and text, with `maskId` at each hole. The returned function
 * throws a RangeError if prompt and text are longer than the context.
 */
export function modelFillIn(model: GPT, prompt: readonly number[], maskId: number): FillIn {
  return async (texts) => {
    const inputIds = texts.map((text) => [...prompt, ...text.map((id) => id ?? maskId)]);
    // [text, seq, vocab]
    const probabilities = tf.tidy(() =>
      tf.softmax(model.forward(inputIds, { causal: false, training: false }))
    );
    const values = (await probabilities.data()) as Float32Array;
    probabilities.dispose();
    const { vocabSize } = model.config;
    const seq = inputIds[0]!.length;
    return texts.map((text, row) =>
      text.map((_, i) => {
        const start = (row * seq + prompt.length + i) * vocabSize;
        return values.subarray(start, start + vocabSize);
      })
    );
  };
}
