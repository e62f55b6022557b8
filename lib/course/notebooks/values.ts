/** Values for parameters as a command line gives them, checked before any kernel starts. */
import { checkParameter, type Declarations } from '../../base/params';
import { didYouMean } from '../../base/checks';
import type { Values } from './copies';

/** A notebook with its parameters. */
export interface Declared {
  readonly name: string;
  readonly all: Declarations;
}

/** `['steps=40', 'prompt=The agent']` → `{ steps: '40', prompt: 'The agent' }`. */
export function splitValues(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw new RangeError(`-p must be followed by NAME=VALUE, got "${text}"`);
    return [name, value];
  }));
}

/**
 * The values that each notebook takes of those given: the ones whose names it has, as JSON, or as
 * they are for a parameter that is a text. Undefined for a notebook that has none of the names.
 * @throws RangeError for a name that no notebook has, and a value that one of them refuses
 */
export function valuesFor(
  notebooks: readonly Declared[],
  given: Readonly<Record<string, string>>,
): (Values | undefined)[] {
  const known = [...new Set(notebooks.flatMap(({ all }) => Object.keys(all)))];
  const lost = Object.keys(given).find((name) => !known.includes(name));
  if (lost !== undefined) {
    const which = notebooks.length === 1 ? notebooks[0]!.name : 'no notebook that you chose';
    throw new RangeError(
      `unknown parameter ${lost}${didYouMean(lost, known)}: ${which} has ${
        notebooks.length === 1 ? `only ${known.join(', ')}` : 'it'
      }`,
    );
  }
  return notebooks.map(({ name: notebook, all }) => {
    const own = Object.entries(given).filter(([name]) => Object.hasOwn(all, name));
    if (own.length === 0) return undefined;
    return Object.fromEntries(own.map(([name, text]) => {
      const value = valueOf(text, all[name]!.default); // its own, so declared
      try {
        checkParameter(name, value, all);
      } catch (error) {
        throw new RangeError(`${notebook}: ${(error as Error).message}`);
      }
      return [name, value];
    }));
  });
}

/** A text as a value of the type of `usual`: `5` is the text "5" where a text is wanted. */
export function valueOf(text: string, usual: unknown): unknown {
  const value = parse(text);
  return typeof usual === 'string' && typeof value !== 'string' ? text : value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
