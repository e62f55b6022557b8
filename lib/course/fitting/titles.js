/** A title that is too long for its page goes on several lines, and the mode bar gets shorter. */
import { linesOf, most, pixelsOf, wrapped } from './texts.js';

/** Pixels: the letters of a title and of a smaller line, a line, the mode bar whole and short. */
const [SIZE, SMALL, LINE, BAR, SHORT] = [15, 10.5, 20, 265, 80];

/**
 * The buttons that a short mode bar does without: dragging zooms, dragging with the shift key pans,
 * and a double click shows all. Upright, the whole bar would lie on a legend or a colour scale.
 */
const LEFT_OUT = [
  'zoom',
  'pan',
  'select',
  'lasso',
  'zoomIn',
  'zoomOut',
  'autoScale',
  'sendChartToCloud',
];

const widthOf = (line, like = line) => pixelsOf(line, like.startsWith('<sub>') ? SMALL : SIZE);

/** A title in lines that end before the short mode bar. */
export const wrappedTitle = (text, width) =>
  wrapped(text, (line) => (part) => widthOf(part, line) <= Math.max(100, width - SHORT));

/** The title, and those that the steps of a slider set. */
const titlesOf = ({ title, sliders = [] }) =>
  [title.text, ...sliders.flatMap(({ steps }) => steps.map(({ args }) => args[1]['title.text']))]
    .filter((text) => text !== undefined);

/** Adds what the title needs if it is longer than the page is wide. */
export function titled({ layout }, width, state) {
  if (!layout.title?.text) return state;
  const titles = titlesOf(layout);
  const long = most(titles.flatMap(linesOf).map((line) => widthOf(line)));
  if (long + BAR <= width) return state;
  const changes = { ...state.changes, 'modebar.remove': LEFT_OUT };
  const rows = (texts) => most(texts.map((text) => linesOf(text).length));
  const more = LINE * (rows(titles.map((text) => wrappedTitle(text, width))) - rows(titles));
  if (more === 0) return { ...state, changes };
  const pad = 28; // Plotly sets the first of several lines higher than a single one
  return {
    ...state,
    height: state.height + more,
    above: more,
    changes: { ...changes, 'margin.t': layout.margin.t + more, 'title.pad.t': pad,
      'title.text': wrappedTitle(layout.title.text, width) },
  };
}

/** Keeps a legend that is placed by shares of the figure's height as far below the title. */
export function legendPlaced({ layout: { legend }, high }, state) {
  const { height, above = 0 } = state;
  if (legend?.yref !== 'container' || height === high) return state;
  const y = 1 - ((1 - legend.y) * high + above) / height;
  return { ...state, changes: { ...state.changes, 'legend.y': y } };
}
