/** What `generate` can be asked for, under Hugging Face's names in camelCase, and the range of each. */
import { check, checkBoolean, checkInteger, checkNames, checkNumber } from '../base/checks';

/** Settings that shape the distribution of the next token; see processors.ts. */
export interface ProcessorOptions {
  /** Above 1: logits of tokens already in the sequence are pushed down (Keskar et al. 2019). Default 1, off. */
  repetitionPenalty?: number;
  /** No n-gram of this size appears twice. Default 0, off. */
  noRepeatNgramSize?: number;
  /** False leaves out the four settings below, which are about sampling. */
  doSample?: boolean;
  /** Logits are divided by it (16.7.2). 0 is the limit: all probability on the most likely token. Default 1. */
  temperature?: number;
  /** Only the k most likely tokens stay, and those equal to the last of them. Default 0, off. */
  topK?: number;
  /** The smallest set whose probability reaches P stays, the token that crosses it included (16.7.1). Default 1, off. */
  topP?: number;
  /** Tokens less likely than this fraction of the most likely one go (Nguyen et al. 2024). Default 0, off. */
  minP?: number;
}

export interface GenerateOptions extends ProcessorOptions {
  /** Most tokens to add to each prompt. Default 50. */
  maxNewTokens?: number;
  /** Ends a sequence once generated, or any of several; `null` for none. Default: that of the model's configuration. */
  eosTokenId?: number | readonly number[] | null;
  /** Fills up shorter prompts on the left; it is masked, so any id serves. Default: the end token, else 0. */
  padTokenId?: number;
  /** True samples each token from the distribution, false takes the most likely one. Default false. */
  doSample?: boolean;
  /** Sequences for each prompt. Above 1 it needs `doSample` or as many beams. Default 1. */
  numReturnSequences?: number;
  /** Beams of a beam search; 1 is none. Default 1. */
  numBeams?: number;
  /** A beam's score is its log-probability divided by its new length to this power. Default 1. */
  lengthPenalty?: number;
  /** When a beam search ends: with enough finished beams (true), by a heuristic (false), or when none can improve. Default false. */
  earlyStopping?: boolean | 'never';
  /** Whether keys and values of earlier tokens are kept between steps instead of computed again. Default true. */
  useCache?: boolean;
  /** Where the random numbers of `doSample` start. Default 0. */
  seed?: number;
  /** Stops with an `AbortError` between two tokens. An interrupted notebook cell does so by itself. */
  signal?: AbortSignal;
  /** Called with each new token and the index of its row in `sequences`. Not with beams, which revise earlier tokens. */
  onToken?: (token: number, row: number) => void;
}

const isSignal = (value: unknown): boolean =>
  typeof (value as Partial<AbortSignal>).throwIfAborted === 'function';
const isEnd = (value: unknown): boolean => value === null || [value].flat().every(Number.isInteger);

/** The check of each option that is given. */
const CHECKS: Record<keyof GenerateOptions, (name: string, value: unknown) => void> = {
  repetitionPenalty: (name, value) => checkNumber(name, value, { above: 0 }),
  noRepeatNgramSize: (name, value) => checkInteger(name, value, { from: 0 }),
  doSample: checkBoolean,
  temperature: (name, value) => checkNumber(name, value, { from: 0 }),
  topK: (name, value) => checkInteger(name, value, { from: 0 }),
  topP: (name, value) => checkNumber(name, value, { from: 0, to: 1 }),
  minP: (name, value) => checkNumber(name, value, { from: 0, to: 1 }),
  maxNewTokens: (name, value) => checkInteger(name, value, { from: 0 }),
  eosTokenId: (name, value) =>
    check(isEnd(value), name, 'a token id, a list of them or null', value),
  padTokenId: (name, value) =>
    check(value === null || Number.isInteger(value), name, 'a token id', value),
  numReturnSequences: (name, value) => checkInteger(name, value, { from: 1 }),
  numBeams: (name, value) => checkInteger(name, value, { from: 1 }),
  lengthPenalty: (name, value) => checkNumber(name, value),
  earlyStopping: (name, value) =>
    check(typeof value === 'boolean' || value === 'never', name, "true, false or 'never'", value),
  useCache: checkBoolean,
  seed: (name, value) => checkInteger(name, value, { from: 0 }),
  signal: (name, value) => check(value === null || isSignal(value), name, 'an AbortSignal', value),
  onToken: (name, value) =>
    check(value === null || typeof value === 'function', name, 'a function', value),
};

/** @throws RangeError that names the option, its range and what came, or an option that does not exist */
export function checkOptions(options: GenerateOptions): void {
  checkNames('option', options, Object.keys(CHECKS));
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) CHECKS[name as keyof GenerateOptions](name, value);
  }
}
