/** The points of a sweep: every combination of the values that are given for each parameter. */
import type { Declarations } from '../../base/params';
import { Random } from '../../base/random';
import type { Values } from '../notebooks/copies';
import { valueOf } from '../notebooks/values';

/** A parameter with the values that it takes, in their order. */
export type GridAxis = readonly [name: string, values: readonly unknown[]];

/**
 * The values of a parameter: `0.2,0.7,1.2`, `1:9:4` for 1, 5 and 9, or a JSON list, for texts with
 * commas and for lists.
 * @throws RangeError for a range without values
 */
export function axisValues(text: string, usual: unknown): unknown[] {
  const span = /^(-?[\d.e-]+):(-?[\d.e-]+)(?::(-?[\d.e-]+))?$/i.exec(text);
  if (span && typeof usual === 'number')
    return steps(text, span.slice(1).filter(Boolean).map(Number));
  if (text.startsWith('[')) {
    const list = valueOf(text, []);
    const isOne = Array.isArray(usual) && Array.isArray(list) && !Array.isArray(list[0]);
    if (Array.isArray(list)) return isOne ? [list] : list;
  }
  return text.split(',').map((part) => valueOf(part.trim(), usual));
}

/** From the first number to the second, which belongs to it if a step ends there. */
function steps(text: string, [from, to, by = 1]: number[]): number[] {
  const count = Math.floor((to! - from!) / by + 1e-9) + 1;
  if (!(count >= 1) || !Number.isFinite(count))
    throw new RangeError(`"${text}" has no values; a range is START:END:STEP, as in 1:9:4`);
  return Array.from({ length: count }, (_, i) => Number((from! + i * by).toPrecision(12)));
}

/** The axes of a command line's values, each checked for its own by the caller. */
export function axes(given: Readonly<Record<string, string>>, all: Declarations): GridAxis[] {
  return Object.entries(given).map(([name, text]) => [name, axisValues(text, all[name]?.default)]);
}

/** The number of points of the whole grid. */
export const gridSize = (grid: readonly GridAxis[]): number =>
  grid.reduce((size, [, values]) => size * values.length, 1);

/** The point at an index: the last parameter changes fastest. */
export function pointAt(grid: readonly GridAxis[], index: number): Values {
  let rest = index;
  const entries = [...grid].reverse().map(([name, values]) => {
    const value = values[rest % values.length];
    rest = Math.floor(rest / values.length);
    return [name, value] as const;
  });
  return Object.fromEntries(entries.reverse());
}

/**
 * All points, or `samples` different ones that `seed` chooses, in the order of the grid.
 * @throws RangeError for less than one sample
 */
export function points(grid: readonly GridAxis[], samples?: number, seed = 16): Values[] {
  const size = gridSize(grid);
  if (samples !== undefined && !(Number.isInteger(samples) && samples >= 1))
    throw new RangeError(`--samples must be an integer of at least 1, got ${samples}`);
  if (samples === undefined || samples >= size)
    return Array.from({ length: size }, (_, index) => pointAt(grid, index));
  const random = new Random(seed);
  const chosen = new Set<number>();
  while (chosen.size < samples) chosen.add(random.integer(size));
  return [...chosen].sort((a, b) => a - b).map((index) => pointAt(grid, index));
}
