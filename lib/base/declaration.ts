/** What a notebook declares about one of its parameters, and the check of a value against it. */
import { check, checkInteger, checkNames, checkNumber } from './checks';

/** The type of a parameter. */
export type ParameterValue = number | string | boolean | readonly number[] | readonly string[];

/** A parameter: its usual value, what it may be, and what it does. */
export interface Declaration {
  /** The value as long as nobody sets another. Its type is the type of the parameter. */
  readonly default: ParameterValue;
  /**
   * The smallest and the largest allowed value of a number, or of each number of a list. If both
   * and the default are integers, every value must be an integer: there is no layer 3.5.
   */
  readonly range?: readonly [number, number];
  /** The allowed values, where only a few make sense. */
  readonly choices?: readonly ParameterValue[];
  /**
   * The smallest and the largest number of words, full stops and commas included, of a text, or of
   * each text of a list. All of them must be words of the little language, in any order.
   */
  readonly words?: readonly [number, number];
  /** What a number counts or measures, such as `words`. */
  readonly unit?: string;
  /** One sentence: what to expect when the value moves. */
  readonly about: string;
}

const KEYS = ['default', 'range', 'choices', 'words', 'unit', 'about'];

/** Counts the words of a text. @throws RangeError that names those that are unknown */
type CountWords = (text: string) => number;

let countWords: CountWords | undefined;

/** lib/language calls this once: it stands above this room, and knows the words. */
export function countWordsBy(count: CountWords): void {
  countWords = count;
}

/** Whether a parameter is declared in full, and not by its default alone. */
export function isDeclaration(declared: unknown): declared is Declaration {
  return typeof declared === 'object' && declared !== null && !Array.isArray(declared);
}

/**
 * Checks a declaration itself, so that a misspelt key or a default out of range is found before a
 * reader changes anything.
 * @throws RangeError that names the parameter and what is wrong
 */
export function checkDeclaration(name: string, declared: Declaration): void {
  const label = `the parameter ${name}`;
  checkNames(`key of ${label}`, declared, KEYS);
  const { range, choices, words, about } = declared;
  if (range !== undefined) {
    const holds = range.every(Number.isFinite) && range[0] <= range[1];
    check(holds, `the range of ${label}`, 'two numbers, the smaller first', range);
    const numeric = [declared.default].flat().every((value) => typeof value === 'number');
    check(numeric, label, 'a number or numbers, as it has a range', declared.default);
  }
  if (words !== undefined) {
    const holds = words.every(Number.isSafeInteger) && words[0] >= 1 && words[0] <= words[1];
    check(holds, `the words of ${label}`, 'two counts from 1 on, the smaller first', words);
    const texts = [declared.default].flat().every((value) => typeof value === 'string');
    check(texts, label, 'a text or texts, as it has words', declared.default);
  }
  if (choices !== undefined)
    check(choices.length > 0, `the choices of ${label}`, 'at least one value', choices);
  check(typeof about === 'string', `the sentence about ${label}`, 'text', about);
  checkValue(name, declared.default, declared);
}

/**
 * Checks a value of the parameter `name`.
 * @throws RangeError such as "the parameter steps must be an integer from 3 to 20, got 3.5"
 */
export function checkValue(name: string, value: unknown, declared: Declaration): void {
  const { default: usual, range, choices, words } = declared;
  const label = `the parameter ${name}`;
  const wanted = kind(usual);
  check(kind(value) === wanted, label, `${wanted} like ${JSON.stringify(usual)}`, value);
  if (range) {
    const [from, to] = range;
    const whole = [usual, from, to].flat().every(Number.isInteger);
    const checkRange = whole ? checkInteger : checkNumber;
    for (const each of [value].flat()) checkRange(label, each, { from, to });
  }
  if (words) { for (const each of [value].flat()) checkWords(label, each as string, words); }
  if (choices) {
    const texts = choices.map((choice) => JSON.stringify(choice));
    check(texts.includes(JSON.stringify(value)), label, `one of ${texts.join(', ')}`, value);
  }
}

function checkWords(label: string, text: string, [from, to]: readonly [number, number]): void {
  if (!countWords) throw new Error(`no language is loaded that has the words of ${label}`);
  let count: number;
  try {
    count = countWords(text);
  } catch (error) {
    throw new RangeError(`${label} must have known words only: ${(error as Error).message}`);
  }
  check(count >= from && count <= to, label, `a text of ${from} to ${to} words`, text);
}

/** What values there are, such as `, from 1 to 8 words`; empty for any text. */
export function allowedValues({ range, choices, words, unit, ...declared }: Declaration): string {
  const each = Array.isArray(declared.default) ? ', each' : ',';
  if (words) return `${each} ${words[0]} to ${words[1]} words of the little language`;
  if (choices) return `, one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`;
  const measure = unit ? ` ${unit}` : '';
  if (range)
    return `${each} from ${range[0]} to ${range[1]}${measure}`;
  return typeof declared.default === 'boolean' ? ', true or false' : measure && `,${measure}`;
}

function kind(value: unknown): string {
  if (!Array.isArray(value))
    return value === null || Number.isNaN(value)
      ? String(value)
      : `a ${typeof value}`;
  const kinds = [...new Set(value.map((item) => `${typeof item}s`))];
  return `a list of ${kinds.join(' and ')}`;
}
