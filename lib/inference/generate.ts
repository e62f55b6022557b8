/** The generate loop (16.4): forward, choose, append, until the end token or the limit. */
import { breathe } from '../base/interrupt';
import type { GPT } from '../model/gpt';
import { BeamSearch } from './beam-search';
import { cachedLogits, type LogitsSource, uncachedLogits } from './next-logits';
import type { GenerateOptions } from './options';
import { completeRequest, type Generated, type GrowingRow, startRows } from './request';
import { continueRow, type Search } from './greedy-or-sampling';
import type { Rows } from '../text/tokenizer';

/**
 * Continues each prompt token by token, all of them side by side. A batch gives the same results as
 * its prompts one by one.
 *
 * - An end token inside a prompt is a token like any other. `maxNewTokens` 0 returns the prompts.
 * - Past the context the most recent `nPositions` tokens are the input (16.3.3).
 * - Among equally likely tokens, greedy decoding takes the one with the lowest id.
 * - Sampling: the random numbers of a row depend on `seed`, its prompt and how often that prompt
 *   came before it, so a prompt gets the same random numbers alone and in a batch, and equal
 *   prompts get different ones.
 * @throws RangeError on an empty prompt, ids outside the vocabulary, or an option out of its range;
 *   if `noRepeatNgramSize` leaves a sequence without a possible token, or fewer beams than are to
 *   be returned; if logits are NaN
 * @throws Error if the model is in training mode: dropout would change every answer (16.6.7)
 */
export async function generate(
  model: GPT,
  prompts: Rows,
  options: GenerateOptions = {},
): Promise<Generated> {
  const request = completeRequest(model, prompts, options);
  const { numBeams, numReturnSequences, seed, useCache = true, signal } = request;
  const rows = startRows(request.prompts, numBeams > 1 ? 1 : numReturnSequences, seed);
  const search = (row: GrowingRow): Search =>
    numBeams > 1 ? new BeamSearch(row, request) : continueRow(row, request);
  const searches = rows.map(search);
  const source = useCache ? cachedLogits(model, request) : uncachedLogits(model, request);
  try {
    await run(searches, source, signal);
    return { sequences: searches.flatMap((search) => search.sequences.map((ids) => [...ids])) };
  } finally {
    source.dispose();
  }
}

/**
 * The loop: one forward pass a step for all sequences that any of the searches needs, until all are
 * done.
 */
async function run(searches: Search[], source: LogitsSource, signal?: AbortSignal): Promise<void> {
  let open = searches.filter((search) => !search.done);
  let parents: number[] = []; // for each sequence, the index of its parent in the step before
  while (open.length > 0) {
    await breathe(signal);
    const running = open.flatMap((search) => search.running);
    const logits = source.next(running.map(({ ids }) => ids), parents);
    const answers: unknown[] = []; // of callbacks
    let first = 0; // the index of a search's first sequence among those of all
    parents = open.flatMap((search) => {
      const start = first;
      first += search.running.length;
      // async, so that an error thrown here leaves no promise of another row without a handler
      answers.push((async () => await search.advance(logits.slice(start, first)))());
      return search.done ? [] : search.running.map(({ parent }) => start + parent);
    });
    open = open.filter((search) => !search.done);
    await Promise.all(answers);
  }
}
