/** Panels side by side go below each other. */
import { axesOf, lengthOf } from './axes.js';
import { wordChanges, wordsAlong } from './words.js';

/** Whether the figure is a row of panels, as lib/plots/side-by-side.ts builds it. */
export function isRow(layout) {
  const [across, up] = ['x', 'y'].map((letter) => axesOf(layout, letter));
  return across.length > 1 && across.length === up.length
    && across.every((name) => layout[name].domain)
    && up.every((name) => !layout[name].domain);
}

/** The height, and the changes of the layout that stack its panels in a page of so many pixels. */
export function stacked(first, pageWidth) {
  const { layout, high: whole } = first;
  const { margin, annotations = [], legend, showlegend } = layout;
  const names = axesOf(layout, 'x');
  const along = wordsAlong(
    first,
    names,
    names.map((name) => lengthOf(first, name, pageWidth, true)),
  );
  /** Pixels below a panel: its words and its title. */
  const roomBelow = (i) =>
    Math.max(18, along[i]?.below ?? 0) + (layout[names[i]].title?.text ? 42 : 8);
  const high = whole - margin.t - margin.b;
  const heading = 32;
  const gaps = names.map((_, i) => i < names.length - 1 ? roomBelow(i) + heading : 0);
  const all = names.length * high + gaps.reduce((sum, gap) => sum + gap);
  // A legend is drawn below the words of the last panel.
  const last = roomBelow(names.length - 1);
  const drop = showlegend ? Math.max(-legend.y * high, last + 4) : 0;
  const below = Math.max(margin.b, drop > 0 ? drop + 40 : 0);
  const changes = { 'margin.b': below };
  if (showlegend) changes['legend.y'] = -drop / all;
  let top = all;
  names.forEach((name, i) => {
    const y = name.replace('x', 'y');
    const { title, showticklabels } = layout[y];
    changes[`${name}.domain`] = [0, 1];
    Object.assign(changes, wordChanges(name, first, along[i]));
    changes[`${y}.domain`] = [(top - high) / all, top / all];
    if (title?.text === '') {
      changes[`${y}.title.text`] = layout.yaxis.title.text;
      changes[`${y}.title.standoff`] = layout.yaxis.title.standoff;
    }
    if (showticklabels === false) changes[`${y}.showticklabels`] = true;
    if (annotations.length === names.length) {
      changes[`annotations[${i}].x`] = 0.5;
      changes[`annotations[${i}].y`] = (top + 4) / all;
    }
    top -= high + gaps[i];
  });
  return { height: all + margin.t + below, changes, traces: [], isStacked: true };
}
