/**
 * The values written at vertical bars, as lib/plots/bar-labels.ts sets them for a page of 760
 * pixels: in a narrower one they are turned, or left to the hover text.
 */
import { axisOf, everyValue, lengthOf } from './axes.js';
import { most, pixelsOf } from './texts.js';

/** Pixels: the letters, and the gap at the end of a turned label. */
const [SIZE, END] = [12, 6];

const hasValues = ({ type, orientation, texttemplate }) =>
  type === 'bar' && orientation !== 'h' && texttemplate !== undefined;

/** A value as Plotly's format writes it: a share in percent, or a number of three digits. */
const labelOf = (template, value) =>
  template.includes('%}')
    ? `${Math.round(100 * value)}%`
    : template.includes('%{')
    ? String(Number(value.toPrecision(3)))
    : template;

/** Pixels of the widest label of the traces `t`, at every step of a slider. */
const widest = (first, t) =>
  most(
    everyValue(first, t, 'y').flat().filter((value) => value !== null).flatMap((value) =>
      [...new Set(everyValue(first, t, 'texttemplate').flat())].map((template) =>
        pixelsOf(labelOf(template, value), SIZE)
      )
    ),
  );

/** The upper end of an axis that leaves room for a label of so many pixels over the highest bar. */
function raised(axis, top, pixels, high) {
  if (axis.type === 'log') return {};
  const { range, autorangeoptions } = axis;
  if (range) {
    const needed = top + pixels / high * (range[1] - range[0]);
    return needed > range[1] ? { range: [range[0], needed] } : {};
  }
  return {
    'autorangeoptions.include': Math.max(autorangeoptions?.include ?? 0, top * (1 + pixels / high)),
  };
}

/** Adds what the values at the bars of a figure need. */
export function valued(first, width, state) {
  const { data, layout, high } = first;
  const { isStacked } = state;
  const traces = [...state.traces];
  const changes = { ...state.changes };
  for (const name of new Set(data.filter(hasValues).map((trace) => axisOf(trace, 'x')))) {
    const own = [...data.keys()].filter((t) => hasValues(data[t]) && axisOf(data[t], 'x') === name);
    const count = most(own.map((t) => data[t].y.length));
    const slot = lengthOf(first, name, width, isStacked) / count;
    // the labels of a single set may use the gap between two bars
    const room = own.length === 1 ? slot - 4 : slot * (1 - (layout.bargap ?? 0.2)) / own.length;
    const wanted = most(own.map((t) => widest(first, t)));
    if (wanted <= room) continue;
    const look = room < SIZE ? { textposition: 'none' } : { textangle: -90 };
    for (const t of own) traces[t] = { ...traces[t], ...look };
    const y = axisOf(data[own[0]], 'y');
    const top = most(own.flatMap((t) => everyValue(first, t, 'y').flat()));
    const inside = high - layout.margin.t - layout.margin.b;
    const more = room < SIZE ? {} : raised(layout[y] ?? {}, top, wanted + END, inside);
    for (const [path, value] of Object.entries(more)) changes[`${y}.${path}`] = value;
  }
  return { ...state, traces, changes };
}
