/** Ways to continue one sequence. All of them go through the one loop of `generate`. */
import { argmax, softmax } from '../base/numbers';
import { checkPossible, type Logits, processLogits } from './processors';
import type { GrowingRow, Request } from './request';

/** A sequence that is not finished. */
export interface Running {
  readonly ids: readonly number[];
  /**
   * The index, in `running` of the step before, of the sequence that this one continues by one
   * token.
   */
  readonly parent: number;
}

/**
 * One way to continue a prompt: it receives logits, and lists the sequences that it needs logits
 * for next.
 */
export interface Search {
  readonly running: readonly Running[];
  done: boolean;
  /** The results, best first; complete once `done` is true. */
  readonly sequences: readonly (readonly number[])[];
  /**
   * One step: `logits[i]` [vocab] follow `running[i]`. Returns what a callback returned, which may
   * be a promise.
   */
  advance(logits: readonly Float32Array[]): unknown;
}

/** Greedy decoding and sampling (16.7.1): one sequence that gets one token a step. */
export function continueRow(row: GrowingRow, request: Request): Search {
  const { ids, random } = row;
  const { ends, maxNewTokens, doSample, onToken } = request;
  const length = ids.length + maxNewTokens;
  const isDone = (): boolean => ids.length === length;
  return {
    running: [{ ids, parent: 0 }],
    done: isDone(),
    sequences: [ids],
    advance([logits]) {
      const scores = nextScores(logits!, request, ids);
      const token = doSample ? random.choose(softmax(scores)) : argmax(scores);
      ids.push(token);
      this.done = isDone() || ends.includes(token);
      return onToken?.(token, row.index);
    },
  };
}

/** Logits after all processors. @throws RangeError if they leave no possible token */
export function nextScores(logits: Logits, request: Request, ids: readonly number[]): Logits {
  return checkPossible(processLogits(logits, request, ids), request);
}
