/**
 * PlainData data: what an observation of an answer holds. It has no functions and no prototypes, so
 * that an answer cannot change how it is judged, and it can be sent to a different process.
 */

/** A value without methods. */
export type PlainData =
  | undefined
  | null
  | boolean
  | number
  | string
  | readonly PlainData[]
  | { readonly [name: string]: PlainData };

/** Limits of {@link toPlain}: what lies beyond them becomes one of these texts. */
const MOST_NUMBERS = 200_000;
const MOST_LEVELS = 8;
const MOST_CHARACTERS = 20_000;

/** A tensor, as far as it is read here. */
interface TensorLike {
  arraySync(): unknown;
  readonly isDisposed: boolean;
}

const isTensor = (value: object): value is TensorLike =>
  'arraySync' in value && typeof value.arraySync === 'function';

/**
 * A copy of any value as plain data: typed arrays, tensors and sets become arrays, a map becomes an
 * array of pairs, a function or a symbol becomes a text. Values that are too large are cut off and
 * say so.
 */
export function toPlain(value: unknown): PlainData {
  let left = MOST_NUMBERS;
  const copy = (inner: unknown, level: number): PlainData => {
    left -= 1;
    if (left < 0) return '[too large]';
    if (inner === undefined || inner === null) return inner;
    if (typeof inner === 'boolean' || typeof inner === 'number') return inner;
    if (typeof inner === 'string') return inner.slice(0, MOST_CHARACTERS);
    if (typeof inner !== 'object') return `[${typeof inner}]`;
    if (level > MOST_LEVELS) return '[too deep]';
    if (inner instanceof Promise) return '[promise]';
    if (isTensor(inner))
      return inner.isDisposed
        ? '[freed tensor]'
        : copy(inner.arraySync(), level);
    if (ArrayBuffer.isView(inner) && !('length' in inner)) return '[bytes]';
    const items = Array.isArray(inner) || ArrayBuffer.isView(inner) || inner instanceof Set
        || inner instanceof Map
      ? Array.from(inner as Iterable<unknown>)
      : undefined;
    if (items) return items.slice(0, left + 1).map((item) => copy(item, level + 1));
    const entries = Object.entries(inner).map(([name, each]) => [name, copy(each, level + 1)]);
    return Object.fromEntries(entries) as PlainData;
  };
  return copy(value, 0);
}

/** Numbers that JSON does not have, and undefined, are objects with this one name. */
const TAG = '$';

/** Plain data as JSON; {@link decode} reads it, also NaN, infinite numbers, −0 and undefined. */
export function encode(value: PlainData): string {
  const tagged = (inner: PlainData): unknown => {
    if (inner === undefined) return { [TAG]: 'undefined' };
    if (typeof inner === 'number') {
      if (Object.is(inner, -0)) return { [TAG]: '-0' };
      return Number.isFinite(inner) ? inner : { [TAG]: String(inner) };
    }
    if (Array.isArray(inner)) return (inner as PlainData[]).map(tagged);
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([name, each]) => [name, tagged(each)]));
  };
  return JSON.stringify(tagged(value));
}

/** Reads what {@link encode} wrote. @throws SyntaxError if the text is not JSON */
export function decode(text: string): PlainData {
  const untagged = (inner: unknown): PlainData => {
    if (Array.isArray(inner)) return inner.map(untagged);
    if (typeof inner !== 'object' || inner === null) return inner as PlainData;
    const entries = Object.entries(inner);
    const [first] = entries;
    if (entries.length === 1 && first?.[0] === TAG)
      return first[1] === 'undefined' ? undefined : Number(first[1]);
    return Object.fromEntries(entries.map(([name, each]) => [name, untagged(each)]));
  };
  return untagged(JSON.parse(text));
}

/** How much two numbers that count as equal may differ, relative to the larger one or to 1. */
const TOLERANCE = 1e-6;

/**
 * Whether two plain values are equal; numbers with a tolerance, and NaN equals NaN. Names whose
 * value is undefined count as missing.
 */
export function equal(a: PlainData, b: PlainData, tolerance = TOLERANCE): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    if (Object.is(a, b) || a === b) return true;
    // an infinite number is at no distance of a finite one that a tolerance could cover
    return Number.isFinite(a) && Number.isFinite(b)
      && Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length
      && a.every((item: PlainData, i) => equal(item, b[i] as PlainData, tolerance));
  }
  const [one, two] = [a, b] as [Record<string, PlainData>, Record<string, PlainData>];
  return [...new Set([...Object.keys(one), ...Object.keys(two)])]
    .every((name) => equal(own(one, name), own(two, name), tolerance));
}

/** Where two values differ first, and what each has there. */
export interface Difference {
  /** Such as `[3].ids`; empty if the values themselves are no lists or objects. */
  readonly at: string;
  readonly one: string;
  readonly two: string;
}

/** The first place at which two values are not {@link equal}, with more digits than elsewhere. */
export function firstDifference(one: PlainData, two: PlainData, at = ''): Difference | undefined {
  if (equal(one, two)) return undefined;
  const isOpen = (value: PlainData): value is readonly PlainData[] | Record<string, PlainData> =>
    typeof value === 'object' && value !== null;
  if (isOpen(one) && isOpen(two) && Array.isArray(one) === Array.isArray(two)) {
    const [a, b] = [one, two] as [Record<string, PlainData>, Record<string, PlainData>];
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const step = Array.isArray(one) ? `[${name}]` : `.${name}`;
      const found = firstDifference(own(a, name), own(b, name), at + step);
      if (found) return found;
    }
  }
  return { at, one: exactly(one), two: exactly(two) };
}

const exactly = (value: PlainData): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(9))) : inWords(value);

const own = (object: Record<string, PlainData>, name: string): PlainData =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/** A value in a message: numbers to four significant digits, cut after 160 characters. */
export function inWords(value: PlainData): string {
  const text = write(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

function write(value: PlainData): string {
  if (typeof value === 'number')
    return Number.isInteger(value)
      ? String(value)
      : shortNumber(value);
  if (typeof value === 'string') return /^\[[a-z ]+\]$/.test(value) ? value : `'${value}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${(value as PlainData[]).map(write).join(', ')}]`;
  const fields = Object.entries(value).map(([name, each]) => `${name}: ${write(each)}`);
  return `{ ${fields.join(', ')} }`;
}

/** Four significant digits, without an exponent for the usual sizes. */
const shortNumber = (value: number): string => String(Number(value.toPrecision(4)));
