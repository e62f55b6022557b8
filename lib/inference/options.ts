/**
 * What `generate` can be asked for, under Hugging Face's names in camelCase, and the range of each.
 */

/** Settings that shape the distribution of the next token; see processors.ts. */
export interface ProcessorOptions {
  /**
   * Above 1: logits of tokens already in the sequence are pushed down (Keskar et al. 2019). Default
   * 1, off.
   */
  repetitionPenalty?: number;
  /** No n-gram of this size appears twice. Default 0, off. */
  noRepeatNgramSize?: number;
  /** False leaves out the five settings below, which are about sampling. */
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
   * (16.7.1). Default 1, off.
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
   * Ends a sequence once generated, or any of several; `null` for none. Default: what the model's
   * configuration says.
   */
  eosTokenId?: number | readonly number[] | null;
  /**
   * Fills up shorter prompts on the left; it is masked, so any id serves. Default: the end token,
   * else 0.
   */
  padTokenId?: number;
  /**
   * True draws each token from the distribution, false takes the most likely one. Default false.
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
   * change their minds.
   */
  onToken?: (token: number, row: number) => void;
}

type Range = readonly [least: number, most: number, kind: 'whole' | 'real'];

const RANGES: Record<string, Range> = {
  repetitionPenalty: [Number.MIN_VALUE, Infinity, 'real'],
  noRepeatNgramSize: [0, Infinity, 'whole'],
  temperature: [0, Infinity, 'real'],
  topK: [0, Infinity, 'whole'],
  topP: [0, 1, 'real'],
  minP: [0, 1, 'real'],
  maxNewTokens: [0, Infinity, 'whole'],
  numReturnSequences: [1, Infinity, 'whole'],
  numBeams: [1, Infinity, 'whole'],
  lengthPenalty: [-Infinity, Infinity, 'real'],
  seed: [0, Number.MAX_SAFE_INTEGER, 'whole'],
};

const isId = (value: unknown): boolean => Number.isInteger(value);
const isFlag = (value: unknown): boolean => typeof value === 'boolean';

/** Those that are no number in a range: what each may be, in words and as a test. */
const OTHERS: Record<string, readonly [wanted: string, fits: (value: unknown) => boolean]> = {
  doSample: ['true or false', isFlag],
  useCache: ['true or false', isFlag],
  earlyStopping: ["true, false or 'never'", (value) => isFlag(value) || value === 'never'],
  eosTokenId: [
    'a token id, a list of them or null',
    (value) => value === null || isId(value) || (Array.isArray(value) && value.every(isId)),
  ],
  padTokenId: ['a token id', (value) => value === null || isId(value)],
  signal: [
    'an AbortSignal',
    (value) => value === null || typeof (value as AbortSignal).throwIfAborted === 'function',
  ],
  onToken: ['a function', (value) => value === null || typeof value === 'function'],
};

/**
 * Checks names and ranges.
 * @throws RangeError that names the option, its range and what came
 */
export function checkOptions(options: object): void {
  for (const [name, value] of Object.entries(options) as [string, unknown][]) {
    const [range, other] = [RANGES[name], OTHERS[name]];
    if (!range && !other) {
      throw new RangeError(
        `unknown option ${name}; known are ${Object.keys({ ...RANGES, ...OTHERS }).join(', ')}`,
      );
    }
    if (value === undefined) continue;
    if (range) checkRange(name, value, range);
    if (other && !other[1](value))
      throw new RangeError(`${name} must be ${other[0]}; got ${shown(value)}`);
  }
}

function checkRange(name: string, value: unknown, [least, most, kind]: Range): void {
  const fits = typeof value === 'number' && value >= least && value <= most
    && Number.isFinite(value);
  if (fits && (kind === 'real' || Number.isInteger(value))) return;
  const from = least === Number.MIN_VALUE
    ? 'above 0'
    : least > -Infinity
    ? `at least ${least}`
    : '';
  const upTo = most < Infinity ? `at most ${most}` : '';
  const bounds = [from, upTo].filter(Boolean).join(' and ') || 'finite';
  throw new RangeError(
    `${name} must be a ${kind === 'whole' ? 'whole ' : ''}number, ${bounds}; got ${String(value)}`,
  );
}

const shown = (
  value: unknown,
): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
