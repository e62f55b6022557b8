/** Samples the next token many times (16.4). */
import { PULL_REQUESTS } from '../../base/paths';
import { Random } from '../../base/random';
import { predictNext } from '../../inference/next-token';
import { GPT } from '../../model/gpt';
import { tf } from '../../tensor/tf';
import { asFunction } from './calls';
import type { Observer } from './index';

interface Input {
  readonly ids: number[];
  readonly seed: number;
  /** How often the answer is called. */
  readonly times: number;
}

type Shape = [number, number, number];

/** How many of the first tokens are kept, to compare a second run with. */
const REPEATED = 24;

/**
 * `tokens`: how often each token was sampled, as pairs of id and count, the most frequent first.
 * `first`: the first ones, `again`: those of a second run with the same seed. `probabilities`: what
 * the model gives to each token [vocab]. `used`: how many random numbers a call took, on average.
 */
export const samples: Observer = async (answer, input) => {
  const { ids, seed, times } = input as unknown as Input;
  const sample = asFunction(answer);
  const undo = rememberPasses();
  const model = await GPT.load(PULL_REQUESTS);
  try {
    const probabilities = await predictNext(model, ids);
    const run = async (count: number): Promise<{ drawn: unknown[]; random: Counted }> => {
      const random = new Counted(seed);
      const drawn: unknown[] = [];
      for (let i = 0; i < count; i++) drawn.push(await sample([...ids], random));
      return { drawn, random };
    };
    const { drawn, random } = await run(times);
    const again = await run(Math.min(REPEATED, times));
    const tally = new Map<unknown, number>();
    for (const id of drawn) tally.set(id, (tally.get(id) ?? 0) + 1);
    return {
      tokens: [...tally].sort(([, a], [, b]) => b - a),
      first: drawn.slice(0, REPEATED),
      again: again.drawn,
      probabilities,
      used: random.used / times,
    };
  } finally {
    undo();
    model.dispose();
  }
};

/** Counts the random bits that are taken from it. */
class Counted extends Random {
  used = 0;
  override bits(): number {
    this.used += 1 / 2; // a number takes two of them
    return super.bits();
  }
}

/**
 * Lets equal passes of a model without dropout be computed once: thousands of calls read the same
 * text. Returns what ends that.
 */
function rememberPasses(): () => void {
  const { forward } = GPT.prototype; // eslint-disable-line @typescript-eslint/unbound-method
  const known = new Map<GPT, Map<string, { shape: Shape; values: Float32Array }>>();
  GPT.prototype.forward = function(this: GPT, inputIds, options = {}) {
    const isSame = Array.isArray(inputIds) && !options.cache
      && !(options.training ?? this.training);
    if (!isSame) return forward.call(this, inputIds, options);
    const ofModel = known.get(this) ?? new Map<string, { shape: Shape; values: Float32Array }>();
    known.set(this, ofModel);
    const key = JSON.stringify([inputIds, options]);
    const found = ofModel.get(key);
    if (found) return tf.tensor3d(found.values.slice(), found.shape);
    const logits = forward.call(this, inputIds, options);
    ofModel.set(key, { shape: logits.shape, values: logits.dataSync().slice() as Float32Array });
    return logits;
  };
  return () => {
    GPT.prototype.forward = forward;
  };
}
