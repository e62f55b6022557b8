/** The title of a horizontal axis goes on several lines where it is longer than its figure. */
import { axesOf, lengthOf } from './axes.js';
import { linesOf, most, pixelsOf, wrapped } from './texts.js';

/** Pixels: the letters and a line. */
const [SIZE, LINE] = [16, 20];

/** Adds what the titles of the axes need. A slider stands too near for a second line. */
export function axisTitled(first, width, state) {
  const { layout, margins } = first;
  if (layout.sliders) return state;
  const names = axesOf(layout, 'x').filter((name) => layout[name].title?.text);
  const changes = {};
  const lines = names.map((name) => {
    const length = lengthOf(first, name, width, state.isStacked);
    const isAlone = state.isStacked || names.length === 1;
    const room = length + (isAlone ? 2 * Math.min(margins.l, margins.r) - 8 : 0);
    const { text } = layout[name].title;
    if (pixelsOf(text, SIZE) <= room) return 0;
    const folded = wrapped(text, () => (part) => pixelsOf(part, SIZE) <= room);
    changes[`${name}.title.text`] = folded;
    return linesOf(folded).length - linesOf(text).length;
  });
  return { ...state, height: state.height + LINE * most(lines),
    changes: { ...state.changes, ...changes } };
}
