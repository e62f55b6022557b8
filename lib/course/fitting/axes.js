/** The axes of a layout, and how wide they are in a page. */
import { most, pixelsOf } from './texts.js';

/** The names of the axes of one letter, such as `xaxis2`, in their order. */
export const axesOf = (layout, letter) =>
  Object.keys(layout).filter((name) => new RegExp(`^${letter}axis\\d*$`).test(name))
    .sort((a, b) => (parseInt(a.slice(5)) || 1) - (parseInt(b.slice(5)) || 1));

/** The axis of a trace by its name in the layout. */
export const axisOf = (trace, letter) =>
  (trace[`${letter}axis`] ?? letter).replace(letter, `${letter}axis`);

/** Pixels left of panels that are stacked: names of rows make the margin wider. */
const leftOf = (layout) =>
  most([
    layout.margin.l,
    ...axesOf(layout, 'y').flatMap((name) => layout[name].ticktext ?? [])
      .map((word) => pixelsOf(word, 13) + 32),
  ]);

/** Pixels of the axis `name` in a page of so many, between the margins that Plotly has drawn. */
export function lengthOf({ layout, margins }, name, pageWidth, isStacked) {
  if (isStacked) return pageWidth - leftOf(layout) - layout.margin.r;
  const [from, to] = layout[name]?.domain ?? [0, 1];
  return (to - from) * (pageWidth - margins.l - margins.r);
}

/** A value of the traces `t`, at first and after each step of the sliders. */
export const everyValue = ({ data, layout }, t, key) =>
  [
    data[t][key],
    ...(layout.sliders ?? []).flatMap(({ steps }) =>
      steps.map(({ args: [traces, , indices] }) => traces[key]?.[indices.indexOf(t)])
    ),
  ].filter((value) => value !== undefined && value !== null);

/** The same of the layout, by its path. */
export const everySetting = ({ layout }, path) =>
  [
    path.split('.').reduce((value, key) => value?.[key], layout),
    ...(layout.sliders ?? []).flatMap(({ steps }) => steps.map(({ args }) => args[1][path])),
  ].filter((value) => value !== undefined && value !== null);
