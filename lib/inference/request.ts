/** A request to continue prompts: checked, completed, and turned into one row for each sequence to return. */
import { check, checkInteger } from '../base/checks';
import { Random } from '../base/random';
import type { GPT } from '../model/gpt';
import { checkTokens } from '../model/inputs';
import { checkOptions, type GenerateOptions } from './options';

/** Prompts as token ids, of any lengths. */
export type Prompts = readonly (readonly number[])[];

/** What {@link generate} returns. */
export interface Generated {
  /** Each row a prompt and its new tokens, the end token included, no padding; `numReturnSequences` rows a prompt. */
  sequences: number[][];
}

/** The options of one call, completed. */
export interface Request extends GenerateOptions {
  doSample: boolean;
  maxNewTokens: number;
  numBeams: number;
  numReturnSequences: number;
  /** The tokens that end a sequence. */
  ends: readonly number[];
  /** The token of padding: it is masked, so any will do. */
  padding: number;
}

/** A sequence to be continued, with random numbers of its own. */
export interface Row {
  readonly index: number;
  readonly ids: number[];
  readonly random: Random;
}

/**
 * Checks a request whole, before anything is computed, and fills in the defaults.
 * @throws RangeError on an empty prompt, ids outside the vocabulary, or an option out of its range
 * @throws Error if the model is in training mode: dropout would change every answer (16.6.3)
 */
export function completeRequest(model: GPT, prompts: Prompts, options: GenerateOptions): Request {
  const { vocabSize } = model.config;
  checkOptions(options);
  checkPrompts(prompts, vocabSize);
  const { doSample = false, maxNewTokens = 50, numBeams = 1, numReturnSequences = 1 } = options;
  const ids = { from: 0, to: vocabSize - 1 };
  for (const end of [options.eosTokenId ?? []].flat()) checkInteger('eosTokenId', end, ids);
  checkInteger('padTokenId', options.padTokenId ?? 0, ids);
  if (numReturnSequences > numBeams && !(doSample && numBeams === 1)) {
    throw new RangeError(
      `numReturnSequences must be at most numBeams (${numBeams}), or need doSample without beams; got ${numReturnSequences}`,
    );
  }
  if (options.onToken && numBeams > 1)
    throw new RangeError('onToken needs numBeams 1: a beam search revises earlier tokens');
  if (model.training)
    throw new Error(
      'the model is in training mode, where dropout changes every answer; call model.eval() first',
    );
  const ends = [
    (options.eosTokenId === undefined ? model.config.eosTokenId : options.eosTokenId) ?? [],
  ].flat();
  const padding = [options.padTokenId, ...ends, 0].find((id) => id != null && id < vocabSize)!;
  return { ...options, doSample, maxNewTokens, numBeams, numReturnSequences, ends, padding };
}

function checkPrompts(prompts: Prompts, vocabSize: number): void {
  if (!Array.isArray(prompts) || !prompts.every((prompt) => Array.isArray(prompt))) {
    throw new TypeError('prompts must be a list of prompts, each a list of token ids: number[][]');
  }
  check(prompts.length > 0, 'prompts', 'at least one', prompts);
  const empty = prompts.findIndex((prompt: readonly number[]) => prompt.length === 0);
  if (empty >= 0)
    throw new RangeError(`a prompt must hold at least one token, prompt ${empty} is empty`);
  checkTokens(prompts, vocabSize);
}

/**
 * `count` rows for each prompt. The random numbers of a row depend on `seed`, its prompt and how
 * often that prompt came before it: the same alone and in a batch, and different for equal prompts.
 */
export function startRows(prompts: Prompts, count: number, seed = 0): Row[] {
  const root = new Random(seed);
  const seen = new Map<string, number>();
  return prompts.flatMap((prompt) => Array.from({ length: count }, () => prompt)).map(
    (prompt, index) => {
      const name = prompt.join(' ');
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      return { index, ids: [...prompt], random: root.fork(`${name} #${before}`) };
    },
  );
}
