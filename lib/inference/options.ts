/** The options of `generate`, under Hugging Face's names in camelCase, and the range of each. */
import { asList, checkBoolean, checkEach, integer, number, only,
  type OptionCheck } from '../base/checks';
import { sayUnused } from '../base/notice';

/** Settings that shape the distribution of the next token; see processors.ts. */
export interface ProcessorOptions {
  /**
   * Above 1: logits of tokens already in the sequence are pushed down (Keskar et al. 2019). Default
   * 1, off.
   */
  repetitionPenalty?: number;
  /** No n-gram of this size appears twice. Default 0, off. */
  noRepeatNgramSize?: number;
  /** False leaves out the four settings below, which are about sampling; that is said once. */
  doSample?: boolean;
  /**
   * Logits are divided by it (16.7.2). 0 is the limit: all probability on the most likely token.
   * Default 1.
   */
  temperature?: number;
  /**
   * Only the k most likely tokens are kept, and those as likely as the last of them. Default 0,
   * off.
   */
  topK?: number;
  /**
   * Only the smallest set of tokens whose probability reaches P is kept, with the token that
   * crosses P (16.7.4). Default 1, off.
   */
  topP?: number;
  /**
   * Tokens less likely than this fraction of the most likely one are removed (Nguyen et al. 2024).
   * Default 0, off.
   */
  minP?: number;
}

export interface GenerateOptions extends ProcessorOptions {
  /** The most tokens to add to each prompt. Default 50. */
  maxNewTokens?: number;
  /**
   * The token, or several, that ends a sequence once it is generated; `null` for none. Default:
   * that of the model's configuration.
   */
  eosTokenId?: number | readonly number[] | null;
  /**
   * Fills up shorter prompts on the left; it is masked, so any id works. Default: the end token,
   * else 0.
   */
  padTokenId?: number;
  /**
   * True samples each token from the distribution, false takes the most likely one. Default false.
   */
  doSample?: boolean;
  /** Sequences for each prompt. Above 1 it needs `doSample` or as many beams. Default 1. */
  numReturnSequences?: number;
  /** The number of beams; 1 means no beam search. Default 1. */
  numBeams?: number;
  /** A beam's score is its log-probability divided by its new length to this power. Default 1. */
  lengthPenalty?: number;
  /**
   * When a beam search ends: with enough finished beams (true), by a heuristic (false), or when no
   * beam can improve on them ('never'). Default false.
   */
  earlyStopping?: boolean | 'never';
  /**
   * Whether keys and values of earlier tokens are cached between steps and not computed again.
   * Default true.
   */
  useCache?: boolean;
  /** The seed of the random numbers for `doSample`. Default 0. */
  seed?: number;
  /**
   * Stops with an `AbortError` between two tokens. An interrupted notebook cell stops it without a
   * signal.
   */
  signal?: AbortSignal;
  /**
   * Called with each new token and the index of its row in `sequences`. Not allowed with beams,
   * which revise earlier tokens.
   */
  onToken?: (token: number, row: number) => unknown;
}

/** Most sequences side by side: far more than any machine of today can hold. */
export const MOST_ROWS = 100_000;

const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isSignal = (value: unknown): boolean =>
  typeof (value as Partial<AbortSignal>).throwIfAborted === 'function';
const isEnd = (value: unknown): boolean => asList(value).every(Number.isInteger);

/** The check of each option of `nextTokenProbabilities`. */
const PROCESSORS: Readonly<Record<string, OptionCheck>> = { repetitionPenalty: number({ above: 0 }),
  noRepeatNgramSize: integer({ from: 0 }), doSample: checkBoolean, temperature: number({ from: 0 }),
  topK: integer({ from: 0 }), topP: number({ from: 0, to: 1 }), minP: number({ from: 0, to: 1 }) };

/** The check of each option of `generate`. */
const OPTIONS: Readonly<Record<string, OptionCheck>> = { ...PROCESSORS,
  maxNewTokens: integer({ from: 0 }), numReturnSequences: integer({ from: 1, to: MOST_ROWS }),
  numBeams: integer({ from: 1, to: 1000 }), lengthPenalty: number(), useCache: checkBoolean,
  earlyStopping: only("true, false or 'never'", (value) => isFlag(value) || value === 'never'),
  eosTokenId: only('a token id, a list of them or null', isEnd),
  padTokenId: only('a token id', (value) => value === null || Number.isInteger(value)),
  seed: integer({ from: 0 }),
  signal: only('an AbortSignal', (value) => value === null || isSignal(value)),
  onToken: only('a function', (value) => value === null || typeof value === 'function') };

/** Options that only sampling uses, and those that only beams use, with what changes nothing. */
const SAMPLING = { temperature: [0, 1], topK: [0, 1], topP: [0, 1], minP: [0, 1] };
const BEAMS = { lengthPenalty: [1], earlyStopping: [false] };

/**
 * Checks the options of `nextTokenProbabilities`, and says which of them have no effect.
 * @throws RangeError that names the option, its range and the given value, or an unknown option
 */
export function checkProcessors(options: ProcessorOptions): void {
  checkEach('option', options, PROCESSORS);
  if (options.doSample === false) sayUnused(options, SAMPLING, 'doSample');
}

/** The same for the options of `generate`. */
export function checkOptions(options: GenerateOptions): void {
  checkEach('option', options, OPTIONS);
  if (!options.doSample) sayUnused(options, SAMPLING, 'doSample: true');
  // a loop over widths that begins at 1 says that it has no beams
  if (options.numBeams === undefined) sayUnused(options, BEAMS, 'numBeams of at least 2');
}
