/**
 * Beam search (16.7): several unfinished sequences side by side, the best of all their
 * continuations kept at each step. Rules and tie-breaks are those of Hugging Face transformers'
 * `generate`, so that the two agree token for token.
 */
import { largestIndices, logSoftmax, power, sampleIndices } from '../base/numbers';
import { checkPossible, processLogits } from './processors';
import type { GrowingRow, Request } from './request';
import type { Running, Search } from './greedy-or-sampling';

/**
 * A sequence and its score: its log-probability, and once it is finished that divided by its new
 * length to the power of the length penalty.
 */
interface Beam {
  readonly ids: readonly number[];
  readonly score: number;
}

const NEVER = -1e9; // the score of a beam that cannot win, as in Hugging Face

/** The beam search for one prompt. */
export class BeamSearch implements Search {
  /**
   * The unfinished sequences, best first; at first copies of the prompt of which only one can win.
   */
  running: readonly (Beam & Running)[];
  done = false;
  protected finished: Beam[] = []; // best first, at most `numBeams`
  private step = 0;

  constructor(private readonly row: GrowingRow, private readonly request: Request) {
    const start = { ids: row.ids, score: 0, parent: 0 };
    const copies = Array.from({ length: request.numBeams - 1 }, () => ({ ...start, score: NEVER }));
    this.running = [start, ...copies];
    if (request.maxNewTokens > 0) return;
    this.finished = [start];
    this.done = true;
  }

  get sequences(): (readonly number[])[] {
    return this.finished.slice(0, this.request.numReturnSequences).map(({ ids }) => ids);
  }

  /**
   * One step. A beam without a possible next token is dropped.
   * @throws RangeError if none is left, and fewer have finished than are to be returned
   */
  advance(logits: readonly Float32Array[]): void {
    const { numBeams, maxNewTokens, ends, numReturnSequences, earlyStopping } = this.request;
    this.step += 1;
    // enough even if every beam ends with every end token
    const enough = Math.max(2, 1 + ends.length) * numBeams;
    const candidates = this.bestContinuations(logits, enough);
    const isLast = this.step === maxNewTokens;
    const isEnded = ({ ids }: Beam): boolean => isLast || ends.includes(ids.at(-1)!);
    const ended = candidates.slice(0, numBeams).filter(isEnded); // only the best may finish
    const scored = ended.map(({ ids, score }) => ({ ids,
      score: this.perLength(score, this.step) })
    );
    this.finished = [...this.finished, ...scored].sort(byScore).slice(0, numBeams);
    const open = candidates.filter((candidate) => !isEnded(candidate));
    this.running = open.sort(byScore).slice(0, numBeams);
    const [isEmpty, found] = [this.running.length === 0, this.finished.length];
    if (isEmpty && found < numReturnSequences) checkPossible([-Infinity], this.request);
    const isFull = found === numBeams;
    this.done = isEmpty || (isFull && (earlyStopping === true || !this.canImprove()));
  }

  protected bestContinuations(logits: readonly Float32Array[], count: number): (Beam & Running)[] {
    const { running, row, request } = this;
    const vocabSize = logits[0]!.length;
    const scores = new Float64Array(logits.length * vocabSize); // [beam · vocab]
    for (const [beam, { ids, score }] of running.entries()) {
      const logProbabilities = processLogits(logSoftmax(logits[beam]!), request, ids);
      const add = (p: number): number => Math.fround(Math.fround(p) + score); // as float32 does
      scores.set(new Float64Array(logProbabilities).map(add), beam * vocabSize);
    }
    const choose = request.doSample ? sampleIndices : largestIndices;
    return choose(scores, count, row.random).map((index) => {
      const parent = Math.floor(index / vocabSize);
      const ids = [...running[parent]!.ids, index % vocabSize];
      return { ids, score: scores[index]!, parent };
    });
  }

  /** Whether the best running beam could still beat the worst finished one: a heuristic. */
  private canImprove(): boolean {
    const { earlyStopping, lengthPenalty = 1, maxNewTokens } = this.request;
    const length = earlyStopping === 'never' && lengthPenalty > 0 ? maxNewTokens : this.step;
    return this.perLength(this.running[0]!.score, length) > this.finished.at(-1)!.score;
  }

  private perLength(score: number, length: number): number {
    return score / power(length, this.request.lengthPenalty ?? 1);
  }
}

const byScore = (a: Beam, b: Beam): number => b.score - a.score;
