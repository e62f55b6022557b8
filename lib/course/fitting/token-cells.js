/** The tokens in the cells of lib/plots/token-grid.ts stand upright where cells are narrow. */
import { lengthOf } from './axes.js';
import { linesOf, most, pixelsOf } from './texts.js';

/** The share of a row that its cells fill, and the pixels around a word in one. */
const [FILLED, AROUND] = [0.84, 8];

const isGrid = ({ type, orientation, textposition }) =>
  type === 'bar' && orientation === 'h' && textposition === 'inside';

/** A token in one line again, without the hyphens where the grid has broken it. */
const whole = (text) =>
  linesOf(text).map((line, i, all) => i < all.length - 1 ? line.replace(/-$/, '') : line).join('');

/** Adds what the cells of a grid of tokens need. */
export function turned(first, width, state) {
  const { data, layout, high } = first;
  if (data.length === 0 || !data.every(isGrid)) return state;
  const [from, to] = layout.xaxis.range;
  const size = (trace) => trace.insidetextfont?.size ?? 12;
  const widest = (text) =>
    most(data.flatMap((trace) => trace.text.map((word) => pixelsOf(text(word), size(trace)))));
  const cell = lengthOf(first, 'xaxis', width) / (to - from);
  if (widest((word) => word) + 2 <= cell) return state;
  const rows = layout.yaxis.ticktext.length;
  const row = (high - layout.margin.t - layout.margin.b) / rows;
  const more = rows * Math.max(0, (widest(whole) + AROUND) / FILLED - row);
  return { ...state, height: state.height + more,
    traces: data.map(({ text }) => ({ textangle: -90, text: text.map(whole) })) };
}
