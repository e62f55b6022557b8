/** A title that is too long for its page goes on several lines, and the mode bar beside it. */
import { lettersOf, linesOf, most, wrapped } from './texts.js';

/** Pixels: a letter of a title and of a smaller line, a line, the mode bar lying and upright. */
const [LETTER, SMALL, LINE, BAR, UPRIGHT] = [7.5, 5.5, 20, 265, 40];

const letterOf = (line) => line.startsWith('<sub>') ? SMALL : LETTER;

/** A title in lines that end before the upright mode bar. */
export const wrappedTitle = (text, width) =>
  wrapped(text, (line) => Math.max(100, width - UPRIGHT) / letterOf(line));

/** The title, and those that the steps of a slider set. */
const titlesOf = ({ title, sliders = [] }) =>
  [title.text, ...sliders.flatMap(({ steps }) => steps.map(({ args }) => args[1]['title.text']))]
    .filter((text) => text !== undefined);

/** Adds to a height and changes of a layout what its title needs if it is longer than the page. */
export function titled({ layout }, width, { height, changes }) {
  if (!layout.title?.text) return { height, changes };
  const { legend, margin } = layout;
  const titles = titlesOf(layout);
  const long = most(titles.flatMap(linesOf).map((line) => lettersOf(line) * letterOf(line)));
  if (long + BAR <= width) return { height, changes };
  const bar = { ...changes, 'modebar.orientation': 'v' };
  const rows = (texts) => most(texts.map((text) => linesOf(text).length));
  const [now, then] = [rows(titles), rows(titles.map((text) => wrappedTitle(text, width)))];
  if (then === now) return { height, changes: bar };
  const more = LINE * (then - now);
  const pad = 28; // Plotly sets the first of several lines higher than a single one
  const ofLegend = legend?.yref === 'container'
    ? { 'legend.y': 1 - ((1 - legend.y) * height + more) / (height + more) }
    : {};
  return {
    height: height + more,
    changes: { ...bar, ...ofLegend, 'margin.t': margin.t + more, 'title.pad.t': pad,
      'title.text': wrappedTitle(layout.title.text, width) },
  };
}
