/**
 * A notebook's parameters: values that a reader, or a program, sets without touching the cells that
 * use them.
 */
import { check, checkNames } from './checks';
import { checkDeclaration, checkValue, type Declaration, isDeclaration,
  type ParameterValue } from './declaration';
import { type DeclaredParameters, PARAMETERS_SYMBOL } from './kernel-symbols';
import { platform } from './platform';

/** Ranges beside the defaults, for parameters that are declared by their default alone. */
export type Ranges<T> = { readonly [K in keyof T]?: readonly [number, number] };

/** The type of a declared parameter's default. */
type Default<D> = D extends { readonly default: infer V } ? V : D;

/** The type that a parameter keeps: a number for the default 3, not only 3. */
type Widened<V> = V extends boolean ? boolean
  : V extends number ? number
  : V extends string ? string
  : V extends readonly number[] ? number[]
  : V extends readonly string[] ? string[]
  : V;

/** The parameters by name, each of the type of its default. */
export type ParameterValues<T> = { -readonly [K in keyof T]: Widened<Default<T[K]>> };

/** The environment variable in which a program passes values for parameters, as a JSON object. */
export const PARAMS_VARIABLE = 'COURSE_PARAMS';

let current: Readonly<Record<string, ParameterValue>> = {};

/** The values of the notebook's parameters now; empty before they are declared. */
export const currentParameters = (): Record<string, ParameterValue> => ({ ...current });

/** What `console.log` prints in place of an object. Node 26 would print `Proxy({ … })`. */
const PRINTED = Symbol.for('nodejs.util.inspect.custom');

/**
 * The parameters of a notebook, each declared by its default, its range or choices, a unit where it
 * has one, and a sentence on what to expect when it moves; a default alone is enough where there is
 * nothing to say. The values of the environment variable COURSE_PARAMS override the defaults. Later
 * assignments to the object, such as papermill's `p.temperature = 1.2`, are checked too.
 *
 * Programs read the declarations without running the cell, so they hold plain values only.
 * @throws RangeError for a name that the notebook does not have (with the nearest that it has), a
 *   value of a different type, or one outside its range or choices
 */
export function params<T extends Record<string, ParameterValue | Declaration>>(
  declared: T,
  ranges: Ranges<T> = {},
): ParameterValues<T> {
  const all = declareAll(declared, ranges);
  const values: Record<string, ParameterValue> = {};
  Object.defineProperty(values, PRINTED, { value: () => ({ ...values }) });
  Object.defineProperty(values, PARAMETERS_SYMBOL, { value: all });
  const checked = new Proxy(values, {
    set(target, name, value) {
      checkParameter(String(name), value, all);
      return Reflect.set(target, name, value);
    },
    deleteProperty(_, name) {
      throw new RangeError(`the parameter ${String(name)} cannot be removed`);
    },
  });
  for (const [name, { default: usual }] of Object.entries(all)) checked[name] = usual;
  current = checked;
  return Object.assign(checked, fromEnvironment()) as ParameterValues<T>;
}

/** The declarations of a notebook's parameters by name. */
export type Declarations = DeclaredParameters;

/**
 * The arguments of {@link params} in one form.
 * @throws RangeError for an invalid declaration
 */
export function declareAll(
  declared: Readonly<Record<string, ParameterValue | Declaration>>,
  ranges: Readonly<Record<string, readonly [number, number] | undefined>> = {},
): Declarations {
  checkNames('parameter with a range', ranges, Object.keys(declared));
  const all = Object.entries(declared).map(([name, each]): [string, Declaration] => {
    const range = ranges[name];
    const full = isDeclaration(each) ? each : { default: each, about: '' };
    return [name, range ? { ...full, range } : full];
  });
  all.forEach(([name, each]) => checkDeclaration(name, each));
  return Object.fromEntries(all);
}

/**
 * Checks a value that somebody gives to a parameter.
 * @throws RangeError as {@link params} does
 */
export function checkParameter(name: string, value: unknown, all: Declarations): void {
  checkNames('parameter', { [name]: value }, Object.keys(all));
  checkValue(name, value, all[name]!); // known, so declared
}

function fromEnvironment(): object {
  const text = platform.setting(PARAMS_VARIABLE);
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
