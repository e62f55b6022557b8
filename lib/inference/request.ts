/**
 * A request to continue prompts: checked, completed, and turned into one row for each sequence to
 * return.
 */
import { asList, checkInteger } from '../base/checks';
import { Random } from '../base/random';
import { checkPrompts } from '../base/row-checks';
import type { GPT } from '../model/gpt';
import type { Rows } from '../text/tokenizer';
import { checkOptions, type GenerateOptions, MOST_ROWS } from './options';

/** What {@link generate} returns. */
export interface Generated {
  /**
   * Each row is a prompt and its new tokens, with the end token and without padding; there are
   * `numReturnSequences` rows for each prompt.
   */
  sequences: number[][];
}

/** The options whose defaults more than one file needs. */
type Completed = 'doSample' | 'maxNewTokens' | 'numBeams' | 'numReturnSequences';

/** The options of one call, completed. */
export type Request = GenerateOptions & Required<Pick<GenerateOptions, Completed>> & {
  prompts: Rows;
  /** The tokens that end a sequence. */
  ends: readonly number[];
  /** The padding token. It is masked, so any token works. */
  padding: number;
};

/** A sequence to be continued, with random numbers of its own. */
export interface GrowingRow {
  readonly index: number;
  readonly ids: number[];
  readonly random: Random;
}

/**
 * Checks a whole request before anything is computed, and fills in the defaults.
 * @throws RangeError on an empty prompt, ids outside the vocabulary, or an option out of its range
 * @throws Error if the model is in training mode: dropout would change every answer (16.6.7)
 */
export function completeRequest(model: GPT, given: Rows, settings: GenerateOptions): Request {
  const options = { ...settings }; // read once: what is checked is what is used
  const { vocabSize, eosTokenId: configured } = model.config;
  checkOptions(options);
  const prompts = checkPrompts(given, vocabSize);
  const { doSample = false, maxNewTokens = 50, numBeams = 1, numReturnSequences = 1 } = options;
  const { eosTokenId, padTokenId, onToken } = options;
  const range = { from: 0, to: vocabSize - 1 };
  const ends = asList(eosTokenId === undefined ? configured : eosTokenId);
  for (const end of eosTokenId === undefined ? [] : ends)
    if (end !== -1) checkInteger('eosTokenId', end, range);
  checkInteger('padTokenId', padTokenId ?? 0, range);
  const most = doSample && numBeams === 1 ? Infinity : numBeams;
  const came = `numBeams (${numBeams}) without doSample, got ${numReturnSequences}`;
  if (numReturnSequences > most) throw new RangeError(`numReturnSequences must be at most ${came}`);
  const rows = prompts.length * Math.max(numBeams, numReturnSequences);
  checkInteger('prompts times numReturnSequences or numBeams', rows, { from: 1, to: MOST_ROWS });
  if (onToken && numBeams > 1)
    throw new RangeError('onToken needs numBeams 1: a beam search revises earlier tokens');
  if (model.training)
    throw new Error('the model is in training mode: dropout is on; call model.eval() first');
  const padding = [padTokenId, ...ends, 0].find((id) => id != null && id >= 0 && id < vocabSize)!;
  return { ...options, prompts, doSample, maxNewTokens, numBeams, numReturnSequences, ends,
    padding };
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
