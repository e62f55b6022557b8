/**
 * Generation that does not go from left to right: all positions at once, or in a few passes (16.8).
 * Each pass fills every hole by itself, without knowing what the others will be; that is what makes
 * it fast, and what mixes texts.
 */
import type { GPT } from '../model/gpt';
import { breathe } from '../base/interrupt';
import { Random } from '../base/random';
import { tf } from '../tensor/tf';
import type { Completion } from '../language/exact-language';
import type { Tokenizer } from '../text/tokenizer';
import { argmax } from '../inference/processors';

/** A text with holes: token ids, and null where nobody knows yet. */
export type Holes = readonly (number | null)[];

/**
 * What one pass knows: texts of one length → the distribution at every position, [text][position] →
 * [vocab].
 */
export type FillIn = (texts: readonly Holes[]) => Promise<Float32Array[][]>;

export interface MaskPredictOptions {
  /** Passes; 1 fills all holes at once, each independently of the others. */
  passes: number;
  /** How many texts. Default 1. */
  count?: number;
  /**
   * True draws each token from its distribution, false takes the most probable one, as in the
   * paper. Default false.
   */
  doSample?: boolean;
  /** Where the random numbers of `doSample` start. Default 0. */
  seed?: number;
  /** Told after each pass what the texts are and which positions this pass filled. */
  onPass?: (texts: number[][], filled: boolean[][]) => void;
}

/**
 * Mask-predict (Ghazvininejad et al. 2019): every pass fills all holes of all texts, then the
 * tokens that were least certain become holes again, fewer from pass to pass. Returns `count` texts
 * of `length` token ids.
 * @throws RangeError if passes, count or length are not whole numbers of at least 1
 */
export async function maskPredict(
  fillIn: FillIn,
  length: number,
  options: MaskPredictOptions,
): Promise<number[][]> {
  const { passes, count = 1, doSample = false, seed = 0, onPass } = options;
  for (const [name, value] of Object.entries({ passes, count, length })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${name} must be a whole number of at least 1, got ${value}`);
  }
  const root = new Random(seed);
  const randoms = Array.from({ length: count }, (_, i) => root.fork(`text ${i}`));
  const texts = randoms.map(() => new Array<number>(length).fill(0));
  const certainty = randoms.map(() => new Array<number>(length).fill(0));
  for (let pass = 0; pass < passes; pass++) {
    await breathe();
    const holes = Math.max(1, Math.floor((length * (passes - pass)) / passes));
    const hidden = certainty.map((row) => leastCertain(row, holes));
    const distributions = await fillIn(
      texts.map((ids, row) => ids.map((id, i) => (hidden[row]![i] ? null : id))),
    );
    texts.forEach((ids, row) =>
      ids.forEach((_, i) => {
        if (!hidden[row]![i]) return;
        const distribution = distributions[row]![i]!;
        ids[i] = doSample ? randoms[row]!.choose(distribution) : argmax(distribution);
        certainty[row]![i] = distribution[ids[i]!]!;
      })
    );
    onPass?.(texts.map((ids) => [...ids]), hidden);
  }
  return texts;
}

/** True at the `count` positions with the lowest values; of equals, the first. */
function leastCertain(values: readonly number[], count: number): boolean[] {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]! || a - b);
  const chosen = new Set(order.slice(0, count));
  return values.map((_, i) => chosen.has(i));
}

/**
 * Knows the language: the exact distribution at each position, given the tokens that stand already.
 * `completions` are all texts that there are, with their probabilities; shorter ones are filled up
 * with `<eos>`, longer ones left out. If no completion has all the given tokens, those that agree
 * with the most of them count.
 * @throws RangeError if no completion is short enough
 */
export function exactFillIn(
  completions: readonly Completion[],
  tokenizer: Tokenizer & { id(word: string): number },
  length: number,
): FillIn {
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
 * Asks a model that was trained to fill holes (see maskedBatches): one pass without the causal mask
 * over `prompt` [n] and text, in which `maskId` stands for a hole. What it returns throws a
 * RangeError where prompt and text exceed the context.
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
