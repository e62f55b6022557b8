/** The generate loop (16.4): forward, choose, append, until the end token or the limit. */
import type { GPT } from '../model/gpt';
import { checkTokens } from '../model/inputs';
import { breathe } from '../base/interrupt';
import { Random } from '../base/random';
import { BeamSearch } from './beam-search';
import { cachedDecoder, type Decoder, uncachedDecoder } from './next-logits';
import { checkOptions, type GenerateOptions } from './options';
import { argmax, processLogits, softmax } from './processors';

/** What {@link generate} returns. */
export interface Generated {
  /**
   * Each row a prompt and its new tokens, the end token included, no padding; `numReturnSequences`
   * rows a prompt.
   */
  sequences: number[][];
}

/** A sequence in the making. */
export interface Row {
  readonly index: number;
  readonly ids: number[];
  readonly random: Random;
}

/**
 * Continues each prompt token by token, all of them side by side. A batch gives what its prompts
 * would give one by one.
 *
 * - An end token inside a prompt is a token like any other. `maxNewTokens` 0 returns the prompts.
 * - Past the context the most recent `nPositions` tokens are the input (16.3.3).
 * - Of tokens exactly as likely, greedy takes the first.
 * - Sampling: the random numbers of a row depend on `seed`, its prompt and how often that prompt
 *   came before it, so a prompt meets the same luck alone and in a batch, and equal prompts meet
 *   different luck.
 * @throws RangeError on an empty prompt, ids outside the vocabulary, or an option out of its range;
 *   if `noRepeatNgramSize` leaves a sequence no token, or fewer beams than are asked for; if logits
 *   are no numbers
 * @throws Error if the model is in training mode: dropout would make every answer a different one
 *   (16.6.3)
 */
export async function generate(
  model: GPT,
  prompts: readonly (readonly number[])[],
  options: GenerateOptions = {},
): Promise<Generated> {
  checkRequest(model, prompts, options);
  const ends = endTokens(model, options.eosTokenId);
  const padding = [options.padTokenId, ...ends, 0].find((id) =>
    id != null && id < model.config.vocabSize
  )!;
  const { maxNewTokens = 50, useCache = true } = options;
  const decoder = useCache
    ? cachedDecoder(model, padding, maxNewTokens)
    : uncachedDecoder(model, padding);
  try {
    const request = { ...options, maxNewTokens, ends, decoder };
    return {
      sequences: (options.numBeams ?? 1) > 1
        ? await searchBeams(prompts, request)
        : await continueRows(prompts, request),
    };
  } finally {
    decoder.dispose();
  }
}

/** The options of one call, completed. */
type Request = GenerateOptions & {
  maxNewTokens: number;
  ends: readonly number[];
  decoder: Decoder;
};

/**
 * The tokens that end a sequence: those asked for, else the one that the model's configuration
 * names.
 */
export function endTokens(model: GPT, asked: GenerateOptions['eosTokenId']): readonly number[] {
  const ends = asked === undefined ? model.config.eosTokenId : asked;
  return ends === null ? [] : typeof ends === 'number' ? [ends] : ends;
}

/** Greedy decoding and sampling: each row gets one token a step, and leaves when it ends. */
async function continueRows(
  prompts: readonly (readonly number[])[],
  request: Request,
): Promise<number[][]> {
  const { doSample = false, maxNewTokens, ends, decoder, signal, onToken } = request;
  const rows = startRows(prompts, request);
  let growing = rows;
  let parents: number[] | undefined;
  for (let step = 0; step < maxNewTokens && growing.length > 0; step++) {
    await breathe(signal);
    const logits = await decoder.next(growing.map((row) => row.ids), parents);
    growing.forEach((row, i) => {
      const scores = processLogits(logits[i]!, { ...request, doSample }, row.ids);
      const token = doSample ? row.random.choose(softmax(scores)) : argmax(scores);
      row.ids.push(token);
      onToken?.(token, row.index);
    });
    parents = [...growing.keys()].filter((i) => !ends.includes(growing[i]!.ids.at(-1)!));
    growing = parents.map((i) => growing[i]!);
  }
  return rows.map((row) => row.ids);
}

/** Beam search for all prompts side by side. */
async function searchBeams(
  prompts: readonly (readonly number[])[],
  request: Request,
): Promise<number[][]> {
  const { numBeams = 1, numReturnSequences = 1, decoder, signal } = request;
  const random = startRows(prompts, { seed: request.seed }).map((row) => row.random);
  const searches = prompts.map((prompt, i) =>
    new BeamSearch(prompt, { ...request, numBeams, random: random[i]! })
  );
  let open = searches.filter((search) => !search.done);
  let parents: number[] | undefined;
  while (open.length > 0) {
    await breathe(signal);
    const logits = await decoder.next(
      open.flatMap((search) => search.running.map((beam) => beam.ids)),
      parents,
    );
    let first = 0; // of the rows of a search among those of all
    parents = open.flatMap((search) => {
      const start = first;
      first += search.running.length;
      search.advance(logits.slice(start, first));
      return search.done ? [] : search.running.map(({ parent }) => start + parent);
    });
    open = open.filter((search) => !search.done);
  }
  return searches.flatMap((search) =>
    search.finished.slice(0, numReturnSequences).map((beam) => [...beam.ids])
  );
}

/** `numReturnSequences` rows for each prompt, each with random numbers of its own. */
export function startRows(
  prompts: readonly (readonly number[])[],
  options: GenerateOptions,
): Row[] {
  const { seed = 0, numReturnSequences = 1 } = options;
  const root = new Random(seed);
  const seen = new Map<string, number>();
  return prompts.flatMap((prompt) => Array.from({ length: numReturnSequences }, () => prompt)).map(
    (prompt, index) => {
      const name = prompt.join(' ');
      const count = seen.get(name) ?? 0;
      seen.set(name, count + 1);
      return { index, ids: [...prompt], random: root.fork(`${name} #${count}`) };
    },
  );
}

/** Throws what {@link generate} says it throws. */
export function checkRequest(
  model: GPT,
  prompts: readonly (readonly number[])[],
  options: GenerateOptions,
): void {
  checkOptions(options);
  if (!Array.isArray(prompts) || !prompts.every((prompt) => Array.isArray(prompt))) {
    throw new TypeError('prompts must be a list of prompts, each a list of token ids: number[][]');
  }
  if (prompts.length === 0) throw new RangeError('prompts must hold at least one prompt, got none');
  prompts.forEach((prompt: readonly number[], i) => {
    if (prompt.length === 0)
      throw new RangeError(`a prompt must hold at least one token, prompt ${i} is empty`);
  });
  checkTokens(prompts, model.config.vocabSize);
  const asked = options.eosTokenId == null ? [] : endTokens(model, options.eosTokenId);
  const named = [
    ...asked.map((id) => ['eosTokenId', id] as const),
    ['padTokenId', options.padTokenId ?? 0] as const,
  ];
  for (const [name, id] of named) {
    if (!(Number.isInteger(id) && id >= 0 && id < model.config.vocabSize)) {
      throw new RangeError(
        `${name} must be a token id from 0 to ${model.config.vocabSize - 1}, got ${id}`,
      );
    }
  }
  const { numReturnSequences = 1, doSample = false, numBeams = 1 } = options;
  if (numReturnSequences > numBeams && !(doSample && numBeams === 1)) {
    throw new RangeError(
      `numReturnSequences must be at most numBeams (${numBeams}), or need doSample without beams; got ${numReturnSequences}`,
    );
  }
  if (options.onToken && numBeams > 1)
    throw new RangeError(
      'onToken needs numBeams 1: a beam search changes its mind about earlier tokens',
    );
  if (model.training)
    throw new Error(
      'the model is in training mode, where dropout changes every answer; call model.eval() first',
    );
}
