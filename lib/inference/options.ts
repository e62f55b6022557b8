/**
 * What `generate` can be asked for, under Hugging Face's names in camelCase, and the range of each.
 */
import { check, checkInteger, checkNames, checkNumber, type Range } from '../base/checks';

/** Settings that shape the distribution of the next token; see processors.ts. */
export interface ProcessorOptions {
  /**
   * Above 1: logits of tokens already in the sequence are pushed down (Keskar et al. 2019). Default
   * 1, off.
   */
  repetitionPenalty?: number;
  /** No n-gram of this size appears twice. Default 0, off. */
  noRepeatNgramSize?: number;
  /** False leaves out the four settings below, which are about sampling. */
  doSample?: boolean;
  /**
   * Logits are divided by it (16.7.2). 0 is the limit: all probability on the most likely token.
   * Default 1.
   */
  temperature?: number;
  /** Only the k most likely tokens stay, and those equal to the last of them. Default 0, off. */
  topK?: number;
  /**
   * The smallest set whose probability reaches P stays, the token that crosses it included
   * (16.7.4). Default 1, off.
   */
  topP?: number;
  /**
   * Tokens less likely than this fraction of the most likely one go (Nguyen et al. 2024). Default
   * 0, off.
   */
  minP?: number;
}

export interface GenerateOptions extends ProcessorOptions {
  /** Most tokens to add to each prompt. Default 50. */
  maxNewTokens?: number;
  /**
   * Ends a sequence once generated, or any of several; `null` for none. Default: that of the
   * model's configuration.
   */
  eosTokenId?: number | readonly number[] | null;
  /**
   * Fills up shorter prompts on the left; it is masked, so any id serves. Default: the end token,
   * else 0.
   */
  padTokenId?: number;
  /**
   * True samples each token from the distribution, false takes the most likely one. Default false.
   */
  doSample?: boolean;
  /** Sequences for each prompt. Above 1 it needs `doSample` or as many beams. Default 1. */
  numReturnSequences?: number;
  /** Beams of a beam search; 1 is none. Default 1. */
  numBeams?: number;
  /** A beam's score is its log-probability divided by its new length to this power. Default 1. */
  lengthPenalty?: number;
  /**
   * When a beam search ends: with enough finished beams (true), by a heuristic (false), or when
   * none can improve. Default false.
   */
  earlyStopping?: boolean | 'never';
  /**
   * Whether keys and values of earlier tokens are kept between steps instead of computed again.
   * Default true.
   */
  useCache?: boolean;
  /** Where the random numbers of `doSample` start. Default 0. */
  seed?: number;
  /**
   * Stops with an `AbortError` between two tokens. An interrupted notebook cell does so by itself.
   */
  signal?: AbortSignal;
  /**
   * Called with each new token and the index of its row in `sequences`. Not with beams, which
   * revise earlier tokens.
   */
  onToken?: (token: number, row: number) => void;
}

/** The range of each option that is an integer. */
const INTEGERS: Record<string, Range> = { noRepeatNgramSize: { from: 0 }, topK: { from: 0 },
  maxNewTokens: { from: 0 }, seed: { from: 0 }, numReturnSequences: { from: 1 },
  numBeams: { from: 1 } };

/** The range of each option that is any number. */
const NUMBERS: Record<string, Range> = { repetitionPenalty: { above: 0 }, temperature: { from: 0 },
  topP: { from: 0, to: 1 }, minP: { from: 0, to: 1 }, lengthPenalty: {} };

const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isSignal = (value: unknown): boolean =>
  typeof (value as Partial<AbortSignal>).throwIfAborted === 'function';

const isEnd = (value: unknown): boolean => value === null || [value].flat().every(Number.isInteger);

/** What each of the others may be, in words and as a test. */
const OTHERS: Record<string, readonly [wanted: string, fits: (value: unknown) => boolean]> = {
  doSample: ['true or false', isFlag],
  useCache: ['true or false', isFlag],
  earlyStopping: ["true, false or 'never'", (value) => isFlag(value) || value === 'never'],
  eosTokenId: ['a token id, a list of them or null', isEnd],
  padTokenId: ['a token id', (value) => value === null || Number.isInteger(value)],
  signal: ['an AbortSignal', (value) => value === null || isSignal(value)],
  onToken: ['a function', (value) => value === null || typeof value === 'function'],
};

/**
 * @throws RangeError that names the option, its range and what came, or an option that does not
 *   exist
 */
export function checkOptions(options: object): void {
  checkNames('option', options, Object.keys({ ...INTEGERS, ...NUMBERS, ...OTHERS }));
  for (const [name, value] of Object.entries(options) as [string, unknown][]) {
    const [integers, numbers, other] = [INTEGERS[name], NUMBERS[name], OTHERS[name]];
    if (value === undefined) continue;
    if (integers) checkInteger(name, value, integers);
    if (numbers) checkNumber(name, value, numbers);
    if (other) check(other[1](value), name, other[0], value);
  }
}
