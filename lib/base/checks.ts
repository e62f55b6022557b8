/** Checks of arguments. All messages have one form: what is required, then what was given. */
import { closest, distance } from 'fastest-levenshtein';

/** The range of allowed numbers. A bound that is left out is not checked. */
export interface Range {
  /** The smallest allowed number. */
  readonly from?: number;
  /** The largest allowed number. */
  readonly to?: number;
  /** Only greater numbers are allowed. */
  readonly above?: number;
  /** Only smaller numbers are allowed. */
  readonly below?: number;
}

/**
 * Checks any condition: `wanted` continues the sentence "NAME must be …".
 * @throws RangeError if the condition is false, such as "causal must be true or false, got 1"
 */
export function check(holds: boolean, name: string, wanted: string, came: unknown): void {
  if (!holds) throw new RangeError(`${name} must be ${wanted}, got ${shown(came)}`);
}

/**
 * @throws RangeError unless `value` is an integer, such as "layer must be an integer from 0 to 11,
 *   got 12"
 */
export function checkInteger(name: string, value: unknown, range: Range = {}): void {
  const holds = Number.isSafeInteger(value) && isInside(value as number, range);
  if (!holds) check(false, name, `an integer${inWords(range)}`, value);
}

/**
 * @throws RangeError unless `value` is a finite number, such as "topP must be a number from 0 to 1,
 *   got NaN"
 */
export function checkNumber(name: string, value: unknown, range: Range = {}): void {
  const holds = Number.isFinite(value) && isInside(value as number, range);
  if (!holds) check(false, name, `a number${inWords(range)}`, value);
}

/** @throws RangeError unless `value` is true or false */
export function checkBoolean(name: string, value: unknown): void {
  check(typeof value === 'boolean', name, 'true or false', value);
}

/**
 * Checks that options have only known names, so that a misspelt one is not ignored.
 * @throws RangeError such as "unknown option temprature (did you mean temperature?); known are
 *   temperature, topK"
 */
export function checkNames(kind: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).filter((name) => !known.includes(name)).map((name) =>
    name + didYouMean(name, known)
  );
  if (unknown.length > 0)
    throw new RangeError(`unknown ${kind} ${unknown.join(', ')}; known are ${known.join(', ')}`);
}

/**
 * The known name that is nearest to a misspelt one, if at most half of its characters differ: two
 * swapped letters of four do. Case, `_` and `-` do not count.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const bare = (text: string): string => text.toLowerCase().replace(/[_-]/g, '');
  const nearest = closest(bare(name), known.map(bare));
  const found = known.find((each) => bare(each) === nearest);
  const near = found !== undefined && distance(bare(name), nearest) <= name.length / 2;
  return near ? found : undefined;
}

/**
 * Names what {@link nearestName} finds.
 * @returns such as " (did you mean temperature?)"; empty if no name is near
 */
export function didYouMean(name: string, known: readonly string[]): string {
  return hintOf(nearestName(name, known));
}

const hintOf = (nearest: string | undefined): string =>
  nearest === undefined ? '' : ` (did you mean ${nearest}?)`;

/** The words of a text that a vocabulary has not. */
export interface UnknownWords {
  /** The first of them, each once, with the nearest word that the vocabulary has, if any is. */
  readonly words: readonly { readonly word: string; readonly nearest?: string | undefined }[];
  /** How many others there are. */
  readonly more: number;
}

/** A text in another language than that of the vocabulary may have thousands. */
const MOST_NAMED = 5;

/** Which of these tokens a vocabulary has not: none if `words` is empty. */
export function unknownAmong(tokens: readonly string[], known: readonly string[]): UnknownWords {
  const has = new Set(known);
  const unknown = [...new Set(tokens)].filter((token) => !has.has(token));
  const words = unknown.slice(0, MOST_NAMED).map((word) => ({ word,
    nearest: nearestName(word, known) })
  );
  return { words, more: unknown.length - words.length };
}

/**
 * The ids of tokens in a vocabulary, which must have all of them.
 * @throws RangeError that names those that it has not, each with the nearest that it has, such as
 *   "opend" is not among the 105 tokens of this vocabulary (did you mean opened?)
 */
export function knownIds(
  tokens: readonly string[],
  known: ReadonlyMap<string, number>,
): number[] {
  const ids = tokens.map((token) => known.get(token));
  if (!ids.includes(undefined)) return ids as number[];
  const { words, more } = unknownAmong(tokens, [...known.keys()]);
  const of = `among the ${known.size} tokens of this vocabulary`;
  const first = words[0]!;
  if (words.length === 1)
    throw new RangeError(`${JSON.stringify(first.word)} is not ${of}${hintOf(first.nearest)}`);
  const named = words.map(({ word, nearest }) => JSON.stringify(word) + hintOf(nearest)).join(', ');
  throw new RangeError(`${named}${more > 0 ? ` and ${more} more` : ''} are not ${of}`);
}

/** Checks one value, of this name. */
export type OptionCheck = (name: string, value: unknown) => void;

/** A check as {@link checkInteger} makes it. */
export const integer = (range: Range = {}): OptionCheck => (name, value) =>
  checkInteger(name, value, range);

/** A check as {@link checkNumber} makes it. */
export const number = (range: Range = {}): OptionCheck => (name, value) =>
  checkNumber(name, value, range);

/** A check as {@link check} makes it. */
export const only =
  (wanted: string, fits: (value: unknown) => boolean): OptionCheck => (name, value) =>
    check(fits(value), name, wanted, value);

/**
 * Checks options: each must have a name of `checks` and pass that check, or be undefined.
 * @throws RangeError as {@link checkNames} and the checks do
 */
export function checkEach(
  kind: string,
  options: object,
  checks: Readonly<Record<string, OptionCheck>>,
): void {
  checkNames(kind, options, Object.keys(checks));
  for (const [name, value] of Object.entries(options) as [string, unknown][])
    if (value !== undefined) checks[name]?.(name, value);
}

/**
 * A value or several as a list of its own; none for null and undefined. A hole of an array becomes
 * undefined, so that a check of each element sees it.
 */
export function asList<T>(value: T | readonly T[] | null | undefined): T[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? Array.from(value as readonly T[]) : [value as T];
}

/** The text of a value for a message, cut after 60 characters. */
export function shown(value: unknown): string {
  const text = asText(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** JSON, or the type alone where there is none: for a circle, or a bigint inside. */
function asJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

function asText(value: unknown): string {
  switch (typeof value) {
    case 'object':
    case 'string':
      return asJson(value);
    case 'function':
      return 'a function';
    default: // unlike JSON, this shows undefined and NaN
      return String(value);
  }
}

function isInside(value: number, { from, to, above, below }: Range): boolean {
  return value >= (from ?? -Infinity) && value <= (to ?? Infinity) && value > (above ?? -Infinity)
    && value < (below ?? Infinity);
}

function inWords({ from, to, above, below }: Range): string {
  const least = above !== undefined ? ` above ${above}` : from !== undefined ? ` from ${from}` : '';
  const most = below !== undefined ? ` to below ${below}` : to !== undefined ? ` to ${to}` : '';
  return least.startsWith(' from') && most === '' ? ` of at least ${from}` : least + most;
}
