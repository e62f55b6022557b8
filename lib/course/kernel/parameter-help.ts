/**
 * What a notebook's parameters declare, for completion and inspection in a cell: the types of the
 * parameters say nothing of their limits, and the values that declare them are known only once
 * their cell has run.
 */
import { allowedValues, type Declaration } from '../../base/declaration';
import { type DeclaredParameters, PARAMETERS_SYMBOL } from '../../base/kernel-symbols';

/** `p.`, or `p.temp`, up to the cursor. */
const MEMBER = /([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*\.\s*([\p{ID_Continue}$]*)$/u;

/** Such as `0.5, from 0.05 to 5`, and the sentence below it. */
const helpOf = (declared: Declaration): string =>
  `${JSON.stringify(declared.default)}${allowedValues(declared)}\n${declared.about}`.trimEnd();

/**
 * The help for each parameter of the object before the dot at `position`, by its name; none where
 * that is another object.
 * @param valueOf the value of a variable of the cells
 */
export function parametersAt(
  source: string,
  position: number,
  valueOf: (name: string) => unknown,
): ReadonlyMap<string, string> {
  const [, variable] = MEMBER.exec(source.slice(0, position)) ?? [];
  const value = variable === undefined ? undefined : valueOf(variable);
  const declared = typeof value === 'object' && value !== null
    ? (Reflect.get(value, PARAMETERS_SYMBOL) as DeclaredParameters | undefined)
    : undefined;
  return new Map(Object.entries(declared ?? {}).map(([name, each]) => [name, helpOf(each)]));
}

/** The name that the cursor is in or behind. */
export function nameAt(source: string, position: number): string {
  const before = /[\p{ID_Continue}$]*$/u.exec(source.slice(0, position))?.[0] ?? '';
  const after = /^[\p{ID_Continue}$]*/u.exec(source.slice(position))?.[0] ?? '';
  return before + after;
}
