/**
 * Fits a figure to the width of its page, and takes all of it back in a wide one. A saved figure is
 * plain data, so this needs a script of the page that draws it.
 */
/* global Plotly, structuredClone, window */
import { axesOf } from './axes.js';
import { axisTitled } from './axis-titles.js';
import { valued } from './bar-values.js';
import { celled } from './cell-values.js';
import { numbered } from './numbers.js';
import { slidersAt } from './slider-steps.js';
import { isRow, stacked } from './stacked-panels.js';
import { legendPlaced, titled } from './titles.js';
import { turned } from './token-cells.js';
import { worded } from './words.js';

/** Pixels: below this width the panels of a figure are stacked. */
const NARROW = 700;

/** What a figure came with: height, traces, layout, and the margins and ranges that were drawn. */
const firsts = new WeakMap();
/** How a figure is changed now: its height, and the changes of its first layout and traces. */
const present = new WeakMap();

function firstOf(plot) {
  const { margin, _size, ...full } = plot._fullLayout;
  const layout = structuredClone(plot.layout);
  layout.margin = { ...margin, ...layout.margin };
  return {
    layout,
    data: structuredClone(plot.data),
    // Plotly deletes the height when it fits a plot to its window.
    high: layout.height ?? full.height,
    margins: { l: _size.l, r: _size.r },
    ranges: Object.fromEntries(axesOf(layout, 'x').map((name) => [name, full[name]?.range])),
  };
}

/** How a figure is changed in a page of so many pixels. */
function fitted(first, width) {
  const placed = width < NARROW && isRow(first.layout)
    ? stacked(first, width)
    : worded(first, width, { height: first.high, changes: {}, traces: [], isStacked: false });
  const inside = [valued, celled, turned, numbered, axisTitled, titled];
  const state = inside.reduce((before, add) => add(first, width, before), placed);
  const { height, changes, traces } = legendPlaced(first, state);
  return { height, changes, traces };
}

/** The value at a path such as `annotations[0].x`; null if it is not set, as Plotly writes it. */
const valueAt = (layout, path) =>
  path.split(/[.[\]]+/).reduce((value, key) => value?.[key], layout) ?? null;

/** Plotly's update of all traces to these changes of some, and back from earlier ones. */
function traceUpdate(data, old, now) {
  const paths = new Set([...old, ...now].flatMap((change) => Object.keys(change ?? {})));
  return Object.fromEntries([...paths].map((path) => [
    path,
    data.map((trace, t) => now[t]?.[path] ?? valueAt(trace, path)),
  ]));
}

/** Draws with these changes of the layout and of traces, as wide as the page. */
function update(plot, changes, traces = {}) {
  // With a height in the layout, Plotly would pin the present width.
  delete plot.layout.width;
  delete plot.layout.height;
  const layout = { ...changes, autosize: true };
  return Object.keys(traces).length === 0
    ? Plotly.relayout(plot, layout)
    : Plotly.update(plot, traces, layout);
}

/** Fits an element that Plotly has drawn in; does nothing if it fits already, or is hidden. */
export function fit(plot) {
  const width = plot.clientWidth;
  if (width === 0 || !plot.layout || !plot._fullLayout || !window.Plotly) return;
  if (!firsts.has(plot)) {
    firsts.set(plot, firstOf(plot));
    present.set(plot, { height: firsts.get(plot).high, changes: {}, traces: [] });
  }
  const [first, old] = [firsts.get(plot), present.get(plot)];
  const now = fitted(first, width);
  const { height, changes } = now;
  // Without a height of its own, the plot would be 0 pixels high once Plotly has deleted the one
  // in the layout: then its parts take all of the height that they themselves give it.
  plot.style.height = `${height}px`;
  const { sliders } = plot.layout;
  if (JSON.stringify(now) !== JSON.stringify(old)) {
    present.set(plot, now);
    const back = Object.keys(old.changes).map((path) => [path, valueAt(first.layout, path)]);
    const all = { ...Object.fromEntries(back), ...changes };
    if (sliders) {
      for (const path of Object.keys(all)) if (path.startsWith('sliders[')) delete all[path];
      all.sliders = slidersAt(sliders, first, now, width);
      const text = all.sliders[0].steps[sliders[0].active ?? 0].args[1]['title.text'];
      if (text !== undefined) all['title.text'] = text;
    }
    // once more: the first time leaves the legend where its rows in the narrow page ended
    update(plot, all, traceUpdate(first.data, old.traces, now.traces))
      .then(() => Plotly.redraw(plot));
  } else if (plot.layout.width && sliders) {
    update(plot, {}); // a step of the slider has set the height
  }
}
