/**
 * A request to continue prompts: checked, completed, and turned into one row for each sequence to
 * return.
 */
import { check, checkInteger } from '../base/checks';
import { Random } from '../base/random';
import type { GPT } from '../model/gpt';
import { checkTokens } from '../model/inputs';
import type { Rows } from '../text/tokenizer';
import { checkOptions, type GenerateOptions } from './options';

/** What {@link generate} returns. */
export interface Generated {
  /**
   * Each row a prompt and its new tokens, the end token included, no padding; `numReturnSequences`
   * rows a prompt.
   */
  sequences: number[][];
}

/** The options that have defaults which more than one file needs. */
type Completed = 'doSample' | 'maxNewTokens' | 'numBeams' | 'numReturnSequences';

/** The options of one call, completed. */
export type Request = GenerateOptions & Required<Pick<GenerateOptions, Completed>> & {
  /** The tokens that end a sequence. */
  ends: readonly number[];
  /** The token of padding: it is masked, so any will do. */
  padding: number;
};

/** A sequence to be continued, with random numbers of its own. */
export interface GrowingRow {
  readonly index: number;
  readonly ids: number[];
  readonly random: Random;
}

/**
 * Checks a request whole, before anything is computed, and fills in the defaults.
 * @throws RangeError on an empty prompt, ids outside the vocabulary, or an option out of its range
 * @throws Error if the model is in training mode: dropout would change every answer (16.6.7)
 */
export function completeRequest(model: GPT, prompts: Rows, options: GenerateOptions): Request {
  const { vocabSize, eosTokenId: configured } = model.config;
  checkOptions(options);
  checkPrompts(prompts, vocabSize);
  const { doSample = false, maxNewTokens = 50, numBeams = 1, numReturnSequences = 1 } = options;
  const { eosTokenId, padTokenId, onToken } = options;
  const range = { from: 0, to: vocabSize - 1 };
  for (const end of [eosTokenId ?? []].flat()) checkInteger('eosTokenId', end, range);
  checkInteger('padTokenId', padTokenId ?? 0, range);
  const most = doSample && numBeams === 1 ? Infinity : numBeams;
  const came = `numBeams (${numBeams}) without doSample, got ${numReturnSequences}`;
  if (numReturnSequences > most) throw new RangeError(`numReturnSequences must be at most ${came}`);
  if (onToken && numBeams > 1)
    throw new RangeError('onToken needs numBeams 1: a beam search revises earlier tokens');
  if (model.training)
    throw new Error('the model is in training mode: dropout is on; call model.eval() first');
  const ends = [(eosTokenId === undefined ? configured : eosTokenId) ?? []].flat();
  const padding = [padTokenId, ...ends, 0].find((id) => id != null && id < vocabSize)!;
  return { ...options, doSample, maxNewTokens, numBeams, numReturnSequences, ends, padding };
}

function checkPrompts(prompts: Rows, vocabSize: number): void {
  const areLists = Array.isArray(prompts) && prompts.every((prompt) => Array.isArray(prompt));
  if (!areLists) throw new TypeError('prompts must be lists of token ids: number[][]');
  check(prompts.length > 0, 'prompts', 'at least one prompt', prompts);
  const empty = prompts.findIndex((prompt) => prompt.length === 0);
  if (empty >= 0)
    throw new RangeError(`a prompt must hold at least one token, prompt ${empty} is empty`);
  checkTokens(prompts, vocabSize);
}

/**
 * `count` rows for each prompt. The random numbers of a row depend on `seed`, its prompt and how
 * often that prompt came before it: the same alone and in a batch, and different for equal prompts.
 */
export function startRows(prompts: Rows, count: number, seed = 0): GrowingRow[] {
  const root = new Random(seed);
  const seen = new Map<string, number>();
  const repeated = prompts.flatMap((prompt) => Array.from({ length: count }, () => prompt));
  return repeated.map((prompt, index) => {
    const name = prompt.join(' ');
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return { index, ids: [...prompt], random: root.fork(`${name} #${before}`) };
  });
}
