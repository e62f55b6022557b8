/**
 * Beam search (16.7): several unfinished sequences side by side, the best of all their
 * continuations kept at each step. Rules and tie-breaks are those of Hugging Face transformers'
 * `generate`, so that the two agree token for token.
 */
import { logSoftmax, softmax } from '../base/numbers';
import type { Random } from '../base/random';
import { checkPossible, processLogits } from './processors';
import type { Request, Row } from './request';
import type { Running, Search } from './search';

/** A sequence and its log-probability; once finished, that divided by its new length to the power of the length penalty. */
interface Beam {
  readonly ids: readonly number[];
  readonly score: number;
}

const NEVER = -1e9; // the score of what cannot win, as in Hugging Face

/** The beam search for one prompt. */
export class BeamSearch implements Search {
  /** The unfinished sequences, best first; at the start copies of the prompt of which only the first can win. */
  running: readonly (Beam & Running)[];
  done = false;
  private finished: Beam[] = []; // best first, at most `numBeams`
  private step = 0;

  constructor(private readonly row: Row, private readonly request: Request) {
    const { ids } = row;
    this.running = Array.from(
      { length: request.numBeams },
      (_, i) => ({ ids, score: i === 0 ? 0 : NEVER, parent: i }),
    );
    if (request.maxNewTokens > 0) return;
    this.finished = [{ ids, score: 0 }];
    this.done = true;
  }

  get sequences(): (readonly number[])[] {
    return this.finished.slice(0, this.request.numReturnSequences).map(({ ids }) => ids);
  }

  /**
   * One step. A beam that no token may follow is dropped.
   * @throws RangeError if none is left, and fewer have finished than are to be returned
   */
  advance(logits: readonly Float32Array[]): void {
    const { numBeams, maxNewTokens, ends, numReturnSequences, earlyStopping } = this.request;
    this.step += 1;
    const enough = Math.max(2, 1 + ends.length) * numBeams; // enough even if all that can end do
    const candidates = this.bestContinuations(logits, enough);
    const isEnded = ({ ids }: Beam): boolean =>
      ends.includes(ids.at(-1)!) || this.step === maxNewTokens;
    this.running = candidates.filter((candidate) => !isEnded(candidate)).sort(byScore).slice(
      0,
      numBeams,
    );
    this.finish(candidates.slice(0, numBeams).filter(isEnded)); // only the best may finish
    if (this.running.length === 0 && this.finished.length < numReturnSequences)
      checkPossible([-Infinity], this.request);
    const isFull = this.finished.length === numBeams;
    this.done = this.running.length === 0
      || (isFull && (earlyStopping === true || !this.canImprove()));
  }

  private bestContinuations(logits: readonly Float32Array[], count: number): (Beam & Running)[] {
    const vocabSize = logits[0]!.length;
    const flat = new Float64Array(logits.length * vocabSize);
    logits.forEach((row, parent) => {
      const { ids, score } = this.running[parent]!;
      const logProbabilities = processLogits(logSoftmax(row), this.request, ids);
      for (let id = 0; id < vocabSize; id++)
        flat[parent * vocabSize + id] = Math.fround(Math.fround(logProbabilities[id]!) + score);
    });
    const chosen = this.request.doSample
      ? sampleWithoutReplacement(flat, count, this.row.random)
      : largest(flat, count);
    return chosen.map((index) => {
      const parent = Math.floor(index / vocabSize);
      return { ids: [...this.running[parent]!.ids, index % vocabSize], score: flat[index]!,
        parent };
    });
  }

  private finish(beams: readonly Beam[]): void {
    const scored = beams.map(({ ids, score }) => ({ ids,
      score: this.penalized(score, this.step) })
    );
    this.finished = [...this.finished, ...scored].sort(byScore).slice(0, this.request.numBeams);
  }

  /** Whether the best running beam could still beat the worst finished one: a heuristic where length is rewarded. */
  private canImprove(): boolean {
    const { earlyStopping, lengthPenalty = 1, maxNewTokens } = this.request;
    const length = earlyStopping === 'never' && lengthPenalty > 0 ? maxNewTokens : this.step;
    return this.penalized(this.running[0]!.score, length) > this.finished.at(-1)!.score;
  }

  private penalized(score: number, length: number): number {
    return score / length ** (this.request.lengthPenalty ?? 1);
  }
}

const byScore = (a: Beam, b: Beam): number => b.score - a.score;

/** Indices of the `count` largest numbers, largest first; of equals, the first first. In one pass: a vocabulary is long. */
function largest(values: Float64Array, count: number): number[] {
  const best: number[] = [];
  for (const [i, value] of values.entries()) {
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
function sampleWithoutReplacement(values: Float64Array, count: number, random: Random): number[] {
  const left = values.slice();
  const drawn: number[] = [];
  while (drawn.length < count && left.some((value) => value > -Infinity)) {
    const index = random.choose(softmax(left));
    drawn.push(index);
    left[index] = -Infinity;
  }
  return drawn;
}
