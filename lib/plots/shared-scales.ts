/** One scale for figures that take each other's place, so that a change of height is a change. */
import { asSpec, asText, axesOf, type Figure, greatest, type Json, type Spec } from './figure';

/** The share of an axis that stays free beyond its points, as where Plotly chooses the range. */
const free = 0.05;

/** The figures, each with the axes and colour scales of all of them together. */
export function shareScales(figures: readonly Figure[]): Figure[] {
  const [first] = figures;
  if (!first) return [];
  const ranges = axesOf(first.layout).map(([key]) => [key, rangeOf(key, figures)] as const);
  return figures.map((figure) => {
    const layout = { ...figure.layout };
    for (const [key, range] of ranges) {
      if (!range) continue;
      const axis: Spec = { ...asSpec(layout[key]), range };
      delete axis['autorangeoptions'];
      layout[key] = axis;
    }
    return { ...figure, layout,
      data: figure.data.map((trace, t) => ({ ...trace, ...colorsOf(t, figures) })) };
  });
}

/**
 * The range of an axis along which numbers change; undefined for one that has names or a range of
 * its own. Not by what Plotly lets an automatic range include: on a logarithmic axis it is wrong.
 */
function rangeOf(key: string, figures: readonly Figure[]): [number, number] | undefined {
  const axes = figures.map(({ layout }) => asSpec(layout[key]));
  const hasOwn = (axis: Spec): boolean =>
    'range' in axis || 'tickvals' in axis && axis['type'] !== 'log';
  if (axes.some(hasOwn)) return undefined;
  const letter = key[0]!;
  const leader = axes[0]!['matches'] ?? key.replace('axis', '');
  const sets = figures.map(({ data, layout }) =>
    data.filter((trace) => {
      const own = asText(trace[`${letter}axis`]) || letter;
      return (asSpec(layout[own.replace(letter, `${letter}axis`)])['matches'] ?? own) === leader;
    }).flatMap((trace) => numbers(trace[letter]))
  );
  if (new Set(sets.map((set) => set.join())).size < 2) return undefined;
  const log = axes[0]!['type'] === 'log';
  const values = sets.flat().filter((value) => !log || value > 0).map(log ? Math.log10 : Number);
  if (values.length === 0) return undefined;
  const bars = figures[0]!.data.some(({ type }) => type === 'bar');
  const [low, high] = [-greatest(values.map((value) => -value)), greatest(values)];
  const [from, to] = bars ? [Math.min(0, low), Math.max(0, high)] : [low, high];
  const room = free * (to - from || Math.abs(to) || 1);
  const labels = axes.flatMap((axis) => numbers(asSpec(axis['autorangeoptions'])['include']));
  return [bars && from === 0 ? 0 : from - room, greatest(labels, bars && to === 0 ? 0 : to + room)];
}

/** The ends of the colour scale of heatmap `t`: those of its figures, or of all their cells. */
function colorsOf(t: number, figures: readonly Figure[]): Spec {
  const traces = figures.map(({ data }) => data[t] ?? {});
  if (traces.some(({ type }) => type !== 'heatmap')) return {};
  const ends = traces.flatMap(({ zmin, zmax }) => numbers([zmin ?? null, zmax ?? null]));
  const cells = traces.flatMap(({ z }) => Array.isArray(z) ? z.flatMap(numbers) : []);
  const values = ends.length > 0 ? ends : cells;
  if (values.length === 0) return {};
  return { zmin: -greatest(values.map((value) => -value)), zmax: greatest(values) };
}

function numbers(value: Json | undefined): number[] {
  const list: (Json | undefined)[] = Array.isArray(value) ? value : [value];
  return list.filter((item): item is number => typeof item === 'number');
}
