/** Parts of figures by their paths, such as `marker.color`, as Plotly's own functions name them. */
import type { Json, Spec } from './figure';

/** Each value by its path. A list is one value, whatever it holds. */
export type Leaves = ReadonlyMap<string, Json>;

export function leavesOf(spec: Spec, before = ''): Leaves {
  return new Map(
    Object.entries(spec).flatMap(([key, value]): [string, Json][] =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? [...leavesOf(value, `${before}${key}.`)]
        : [[before + key, value]]
    ),
  );
}

/** The paths whose values are not the same in all of `versions`. */
export function differing(versions: readonly Leaves[]): string[] {
  const paths = new Set(versions.flatMap((leaves) => [...leaves.keys()]));
  return [...paths].filter((path) =>
    new Set(versions.map((leaves) => JSON.stringify(leaves.get(path)))).size > 1
  );
}

/** The same with every number at five significant digits: one more than any text shows. */
export function rounded(value: Json): Json {
  if (typeof value === 'number') return Number(value.toPrecision(5));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)]));
}
