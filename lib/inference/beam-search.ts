/**
 * Beam search (16.7): several unfinished sequences side by side, the best of all their
 * continuations kept at each step. Rules and tie-breaks are those of Hugging Face transformers'
 * `generate`, so that the two agree token for token.
 */
import type { Random } from '../base/random';
import { logSoftmax, noTokenLeft, processBeam, softmax } from './processors';
import type { GenerateOptions } from './options';

/**
 * A sequence and its log-probability; once finished, that divided by its new length to the power of
 * the length penalty.
 */
export interface Beam {
  readonly ids: readonly number[];
  readonly score: number;
}

/**
 * An unfinished sequence, with the index of the one that it continues among those of the step
 * before.
 */
interface Running extends Beam {
  readonly parent: number;
}

type BeamOptions = GenerateOptions & {
  numBeams: number;
  maxNewTokens: number;
  ends: readonly number[];
  random: Random;
};

const NEVER = -1e9; // the score of what cannot win, as in Hugging Face

/** The beam search for one prompt: it is given logits, and tells which sequences it needs next. */
export class BeamSearch {
  /**
   * The unfinished sequences, best first; at the start copies of the prompt of which only the first
   * can win.
   */
  running: Running[];
  /** The best finished sequences so far, best first, at most `numBeams`. */
  finished: Beam[] = [];
  done = false;
  private step = 0;

  constructor(prompt: readonly number[], private readonly options: BeamOptions) {
    this.running = Array.from(
      { length: options.numBeams },
      (_, i) => ({ ids: prompt, score: i === 0 ? 0 : NEVER, parent: i }),
    );
    if (options.maxNewTokens === 0) this.finish(this.running.slice(0, 1), 1);
  }

  /**
   * One step: `logits[i]` [vocab] follow `running[i]`. A beam that no token may follow is dropped.
   * @throws RangeError if none is left, and fewer have finished than are to be returned
   */
  advance(logits: readonly Float32Array[]): void {
    const { numBeams, maxNewTokens, ends, numReturnSequences = 1 } = this.options;
    this.step += 1;
    // enough even if all that can end do
    const candidates = this.bestContinuations(logits, Math.max(2, 1 + ends.length) * numBeams);
    const ended = ({ ids }: Beam): boolean =>
      ends.includes(ids.at(-1)!) || this.step === maxNewTokens;
    this.running = candidates.filter((candidate) => !ended(candidate)).sort(byScore).slice(
      0,
      numBeams,
    );
    this.finish(candidates.slice(0, numBeams).filter(ended), this.step); // only the best may finish
    if (this.running.length === 0 && this.finished.length < numReturnSequences)
      throw noTokenLeft(this.options);
    this.done = this.running.length === 0
      || (this.isFull() && (this.options.earlyStopping === true || !this.canImprove()));
  }

  private bestContinuations(logits: readonly Float32Array[], count: number): Running[] {
    const { doSample = false, random } = this.options;
    const vocabSize = logits[0]!.length;
    const flat = new Float64Array(logits.length * vocabSize);
    logits.forEach((row, parent) => {
      const { ids, score } = this.running[parent]!;
      const logProbabilities = processBeam(logSoftmax(row), { ...this.options, doSample }, ids);
      for (let id = 0; id < vocabSize; id++)
        flat[parent * vocabSize + id] = Math.fround(Math.fround(logProbabilities[id]!) + score);
    });
    const chosen = doSample ? drawWithoutReplacement(flat, count, random) : largest(flat, count);
    return chosen.map((index) => {
      const parent = Math.floor(index / vocabSize);
      return { ids: [...this.running[parent]!.ids, index % vocabSize], score: flat[index]!,
        parent };
    });
  }

  private finish(beams: readonly Beam[], length: number): void {
    const { lengthPenalty = 1, numBeams } = this.options;
    const scored = beams.map(({ ids, score }) => ({ ids, score: score / length ** lengthPenalty }));
    this.finished = [...this.finished, ...scored].sort(byScore).slice(0, numBeams);
    if (this.options.maxNewTokens === 0) this.done = true;
  }

  private isFull(): boolean {
    return this.finished.length === this.options.numBeams;
  }

  /**
   * Whether the best running beam could still beat the worst finished one: a heuristic where length
   * is rewarded.
   */
  private canImprove(): boolean {
    const { earlyStopping, lengthPenalty = 1, maxNewTokens } = this.options;
    const length = earlyStopping === 'never' && lengthPenalty > 0 ? maxNewTokens : this.step;
    return this.running[0]!.score / length ** lengthPenalty > this.finished.at(-1)!.score;
  }
}

const byScore = (a: Beam, b: Beam): number => b.score - a.score;

/**
 * Indices of the `count` largest numbers, largest first; of equals, the first first. In one pass: a
 * vocabulary is long.
 */
function largest(values: Float64Array, count: number): number[] {
  const best: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === -Infinity || (best.length === count && value <= values[best[count - 1]!]!))
      continue;
    let rank = best.length;
    while (rank > 0 && values[best[rank - 1]!]! < value) rank--;
    best.splice(rank, 0, i);
    best.length = Math.min(best.length, count);
  }
  return best;
}

/** `count` different indices, each drawn with its share of exp(values) among those left. */
function drawWithoutReplacement(values: Float64Array, count: number, random: Random): number[] {
  const left = values.slice();
  const drawn: number[] = [];
  while (drawn.length < count && left.some((value) => value > -Infinity)) {
    const index = random.choose(softmax(left));
    drawn.push(index);
    left[index] = -Infinity;
  }
  return drawn;
}
