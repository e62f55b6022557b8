/**
 * A notebook's parameters: values that a reader, or a program, sets without touching the cells that
 * use them.
 */
import { check, checkInteger, checkNames, checkNumber } from './checks';

/** The type of a parameter. */
export type Value = number | string | boolean | readonly number[] | readonly string[];

/**
 * The smallest and the largest allowed value, for parameters that are numbers. If both and the
 * default are integers, every value must be an integer: there is no layer 3.5.
 */
export type Ranges<T> = { readonly [K in keyof T]?: readonly [number, number] };

/** The type that a parameter keeps: a number for the default 3, not only 3. */
export type ParameterValues<T> = {
  -readonly [K in keyof T]: T[K] extends boolean ? boolean
    : T[K] extends number ? number
    : T[K] extends string ? string
    : T[K] extends number[] ? number[]
    : T[K] extends string[] ? string[]
    : T[K];
};

/** The environment variable in which a program passes values for parameters, as a JSON object. */
export const PARAMS_VARIABLE = 'COURSE_PARAMS';

/** What `console.log` prints in place of an object. Node 26 would print `Proxy({ … })`. */
const PRINTED = Symbol.for('nodejs.util.inspect.custom');

/**
 * The parameters of a notebook: `defaults`, overridden by the values of the environment variable
 * COURSE_PARAMS. Later assignments to the object, such as papermill's `Object.assign(p, { … })`,
 * are checked too.
 * @throws RangeError for a name that the notebook does not have, a value of a different type, or
 *   one outside its range
 */
export function params<T extends Record<string, Value>>(
  defaults: T,
  ranges: Ranges<T> = {},
): ParameterValues<T> {
  checkNames('parameter with a range', ranges, Object.keys(defaults));
  const values = { ...defaults };
  Object.defineProperty(values, PRINTED, { value: () => ({ ...values }) });
  const checked = new Proxy(values, {
    set(target, name, value) {
      checkParameter(String(name), value, defaults, ranges);
      return Reflect.set(target, name, value);
    },
    deleteProperty(_, name) {
      throw new RangeError(`the parameter ${String(name)} cannot be removed`);
    },
  });
  return Object.assign(checked, defaults, fromEnvironment()) as ParameterValues<T>;
}

function checkParameter<T extends Record<string, Value>>(
  name: string,
  value: unknown,
  defaults: T,
  ranges: Ranges<T>,
): void {
  checkNames('parameter', { [name]: value }, Object.keys(defaults));
  const usual = defaults[name];
  const label = `the parameter ${name}`;
  const wanted = kind(usual);
  check(kind(value) === wanted, label, `${wanted} like ${JSON.stringify(usual)}`, value);
  const range = ranges[name];
  if (!range || typeof value !== 'number') return;
  const [from, to] = range;
  const checkRange = [usual, from, to].every(Number.isInteger) ? checkInteger : checkNumber;
  checkRange(label, value, { from, to });
}

function kind(value: unknown): string {
  if (!Array.isArray(value))
    return value === null || Number.isNaN(value)
      ? String(value)
      : `a ${typeof value}`;
  const kinds = [...new Set(value.map((item) => `${typeof item}s`))];
  return `a list of ${kinds.join(' and ')}`;
}

function fromEnvironment(): object {
  const text = process.env[PARAMS_VARIABLE];
  if (!text) return {};
  const values = parse(text);
  const isObject = typeof values === 'object' && values !== null && !Array.isArray(values);
  check(isObject, PARAMS_VARIABLE, 'a JSON object such as {"temperature": 0.7}', text);
  return values as object;
}

/** Undefined if `text` is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
