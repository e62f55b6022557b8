/**
 * The numbers in the cells of a heatmap. Where they would lie on each other, the colour scale
 * says the same and gives them its place; or they are left to the hover text.
 */
import { axisOf, everyValue, lengthOf } from './axes.js';
import { most, pixelsOf } from './texts.js';

const labelOf = (template, value) => {
  const [, digits, percent] = /:\.(\d+)([f%])/.exec(template) ?? [];
  return digits === undefined
    ? String(value)
    : percent === '%'
    ? `${(100 * value).toFixed(digits)}%`
    : value.toFixed(digits);
};

/** Adds what the cells of the heatmaps of a figure need. */
export function celled(first, width, state) {
  const { data, layout, margins } = first;
  const traces = [...state.traces];
  data.forEach((trace, t) => {
    if (trace.type !== 'heatmap' || !trace.texttemplate) return;
    const numbers = everyValue(first, t, 'z').flat(2).filter((value) => value !== null);
    const wanted = 2
      + most(
        numbers.map((value) =>
          pixelsOf(labelOf(trace.texttemplate, value), trace.textfont?.size ?? 12)
        ),
      );
    const columns = most(trace.z.map((row) => row.length));
    const length = lengthOf(first, axisOf(trace, 'x'), width, state.isStacked);
    if (wanted <= length / columns) return;
    const ofScale = trace.showscale === false ? 0 : margins.r - layout.margin.r;
    traces[t] = ofScale > 0 && wanted <= (length + ofScale) / columns
      ? { showscale: false }
      : { texttemplate: '' };
  });
  return { ...state, traces };
}
