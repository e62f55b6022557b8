/**
 * A notebook's parameters: values that a reader, or a program, sets without touching the cells that
 * use them.
 */

/** What a parameter may be. */
export type Value = number | string | boolean | readonly number[] | readonly string[];

/**
 * The least and the greatest value allowed, for parameters that are numbers. Where both and the
 * default are whole, every value must be: what counts steps or names a layer has nothing between 3
 * and 4.
 */
export type Ranges<T> = { readonly [K in keyof T]?: readonly [number, number] };

/** Where a runner leaves other values, as a JSON object. */
export const PARAMS = 'COURSE_PARAMS';

/**
 * The parameters of a notebook: `defaults`, with the values of the environment variable
 * COURSE_PARAMS laid over them. The object watches over itself: a later assignment, such as
 * papermill's `Object.assign(p, { … })`, is checked too.
 * @throws RangeError for a name that the notebook does not have, a value of another type, or one
 *   outside its range
 */
export function params<T extends Record<string, Value>>(defaults: T, ranges: Ranges<T> = {}): T {
  const check = (name: string | symbol, value: unknown): boolean =>
    checkOne(String(name), value, defaults, ranges);
  const watched = new Proxy({ ...defaults }, {
    set: (target, name, value) => check(name, value) && Reflect.set(target, name, value),
    deleteProperty: (_, name) => {
      throw new RangeError(`the parameter ${String(name)} cannot be removed`);
    },
  });
  return Object.assign(watched, defaults, fromEnvironment());
}

function checkOne<T extends Record<string, Value>>(
  name: string,
  value: unknown,
  defaults: T,
  ranges: Ranges<T>,
): true {
  const names = Object.keys(defaults);
  const usual = defaults[name];
  if (!names.includes(name) || usual === undefined) {
    throw new RangeError(`no parameter is called "${name}"; this notebook has ${names.join(', ')}`);
  }
  if (kind(value) !== kind(usual)) {
    const wanted = `${kind(usual)} like ${JSON.stringify(usual)}`;
    throw new RangeError(
      `the parameter ${name} wants ${wanted}, got ${JSON.stringify(value) ?? String(value)}`,
    );
  }
  const range = ranges[name];
  if (range && typeof value === 'number') {
    const whole = [usual, ...range].every(Number.isInteger);
    if (!(value >= range[0] && value <= range[1]) || (whole && !Number.isInteger(value))) {
      throw new RangeError(
        `the parameter ${name} goes from ${range[0]} to ${range[1]}${
          whole ? ' in whole numbers' : ''
        }, got ${value}`,
      );
    }
  }
  return true;
}

function kind(value: unknown): string {
  if (!Array.isArray(value))
    return value === null || Number.isNaN(value)
      ? String(value)
      : `a ${typeof value}`;
  const kinds = [...new Set(value.map((item) => `${typeof item}s`))];
  return `a list of ${kinds.join(' and ')}`;
}

function fromEnvironment(): Record<string, unknown> {
  const text = process.env[PARAMS];
  if (!text) return {};
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    throw new RangeError(`${PARAMS} wants a JSON object such as {"temperature": 0.7}, got ${text}`);
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new RangeError(`${PARAMS} wants a JSON object such as {"temperature": 0.7}, got ${text}`);
  }
  return values as Record<string, unknown>;
}
