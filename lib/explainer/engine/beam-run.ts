/** A beam search of the library, step by step, with everything that it considered (16.7). */
import { breathe } from '../../base/interrupt';
import { BeamSearch } from '../../inference/beam-search';
import type { Running } from '../../inference/greedy-or-sampling';
import { cachedLogits, uncachedLogits } from '../../inference/next-logits';
import type { GenerateOptions } from '../../inference/options';
import { completeRequest, startRows } from '../../inference/request';
import type { GPT } from '../../model/gpt';
import { type SeenPass, seePasses } from './work';

/** A sequence that the search considered, and ln of the probability of its new tokens. */
export interface Considered {
  readonly ids: readonly number[];
  readonly score: number;
}

/** A whole search. */
export interface BeamRun {
  /** The candidates of each step, best first: as many as the search looks at. */
  readonly candidates: readonly (readonly Considered[])[];
  /** Those that were continued after each step, best first. */
  readonly continued: readonly (readonly Considered[])[];
  /** The finished sequences that it has after each step, best first, each with its final score. */
  readonly finished: readonly (readonly Considered[])[];
  /** The logits [vocab] after a sequence that was continued. */
  readonly logitsOf: (ids: readonly number[]) => ArrayLike<number>;
  readonly passes: readonly SeenPass[];
}

/** The library's search, which also keeps what it considers. */
class WatchedSearch extends BeamSearch {
  readonly considered: Considered[][] = [];
  /** Those that are finished so far. */
  get results(): readonly Considered[] {
    return this.finished;
  }

  protected override bestContinuations(
    logits: readonly Float32Array[],
    count: number,
  ): (Considered & Running)[] {
    const candidates = super.bestContinuations(logits, count);
    this.considered.push(candidates);
    return candidates;
  }
}

/** The search that `generate` runs for one prompt with these options. */
export async function watchBeams(
  model: GPT,
  prompt: readonly number[],
  options: GenerateOptions,
): Promise<BeamRun> {
  const request = completeRequest(model, [prompt], options);
  const [row] = startRows(request.prompts, 1, request.seed);
  const search = new WatchedSearch(row!, request);
  const source = request.useCache ? cachedLogits(model, request) : uncachedLogits(model, request);
  const continued: Considered[][] = [];
  const finished: (readonly Considered[])[] = [];
  const isDone = (): boolean => search.done;
  const logits = new Map<string, Float32Array>();
  let parents: number[] = [];
  const passes = await seePasses(model, async () => {
    while (!isDone()) {
      await breathe();
      const rows = search.running.map(({ ids }) => ids);
      const next = source.next(rows, parents);
      rows.forEach((ids, i) => logits.set(ids.join(), next[i]!.slice()));
      search.advance(next);
      parents = search.running.map(({ parent }) => parent);
      continued.push(isDone() ? [] : [...search.running]);
      finished.push(search.results);
    }
  });
  source.dispose();
  return { candidates: search.considered, continued, finished,
    logitsOf: (ids) => logits.get(ids.join())!, passes };
}
