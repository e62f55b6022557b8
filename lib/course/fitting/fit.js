/**
 * Fits a figure to the width of its page, and takes all of it back in a wide one. A saved figure is
 * plain data, so this needs a script of the page that draws it.
 */
/* global Plotly, structuredClone, window */
import { slidersAt } from './slider-steps.js';
import { isRow, stacked } from './stacked-panels.js';
import { titled } from './titles.js';

/** Pixels: below this width the panels of a figure are stacked. */
const NARROW = 700;

/** The height and the layout that a figure came with. */
const firsts = new WeakMap();
/** How a figure is changed now: the height, and the changes of its first layout. */
const present = new WeakMap();

/** How a figure is changed in a page of so many pixels. */
const fitted = (first, width) =>
  titled(
    first,
    width,
    width < NARROW && isRow(first.layout)
      ? stacked(first, width)
      : { height: first.high, changes: {} },
  );

/** The value at a path such as `annotations[0].x`; null if it is not set, as Plotly writes it. */
const valueAt = (layout, path) =>
  path.split(/[.[\]]+/).reduce((value, key) => value?.[key], layout) ?? null;

/** Draws with these changes, as wide as the page. */
function relayout(plot, changes) {
  // With a height in the layout, Plotly would pin the present width.
  delete plot.layout.width;
  delete plot.layout.height;
  return Plotly.relayout(plot, { ...changes, autosize: true });
}

/** Fits an element that Plotly has drawn in; does nothing if it fits already, or is hidden. */
export function fit(plot) {
  const width = plot.clientWidth;
  if (width === 0 || !plot.layout || !plot._fullLayout || !window.Plotly) return;
  if (!firsts.has(plot)) {
    // Plotly deletes the height when it fits a plot to its window.
    const high = plot.layout.height ?? plot._fullLayout.height;
    firsts.set(plot, { high, layout: structuredClone(plot.layout) });
    present.set(plot, { height: high, changes: {} });
  }
  const [first, old] = [firsts.get(plot), present.get(plot)];
  const { height, changes } = fitted(first, width);
  // Without a height of its own, the plot would be 0 pixels high once Plotly has deleted the one
  // in the layout: then its parts take all of the height that they themselves give it.
  plot.style.height = `${height}px`;
  const { sliders } = plot.layout;
  if (JSON.stringify({ height, changes }) !== JSON.stringify(old)) {
    present.set(plot, { height, changes });
    const back = Object.keys(old.changes).map((path) => [path, valueAt(first.layout, path)]);
    const all = { ...Object.fromEntries(back), ...changes };
    if (sliders) {
      all.sliders = slidersAt(sliders, first, height, width);
      const text = all.sliders[0].steps[sliders[0].active ?? 0].args[1]['title.text'];
      if (text !== undefined) all['title.text'] = text;
    }
    // once more: the first time leaves the legend where its rows in the narrow page ended
    relayout(plot, all).then(() => Plotly.redraw(plot));
  } else if (plot.layout.width && sliders) {
    relayout(plot, {}); // a step of the slider has set the height
  }
}
