/**
 * The words along a horizontal axis. Plotly slants those that do not fit side by side, and leaves
 * out the ones that then end outside the figure; here they go on several lines, or upright.
 */
import { axesOf, everySetting, lengthOf } from './axes.js';
import { linesOf, most, pixelsOf, wrapped } from './texts.js';

/** Pixels: the letters, a line, and the gap between two words. */
const [SIZE, LINE, GAP] = [13, 17, 5];

/** More lines than these are harder to read than upright words. */
const LINES = 4;

/** The page that lib/plots makes its figures for, in pixels. */
const DESIGNED = 760;

const widthOf = (word) => pixelsOf(word, SIZE);
const rowsOf = (words) => most(words.map((word) => linesOf(word).length));
const narrower = (room) => () => (text) => widthOf(text) <= room;

/** Whether no two neighbours touch, at so many pixels from each to each. */
const fitSideBySide = (words, slot) =>
  words.slice(1).every((word, i) => (widthOf(words[i]) + widthOf(word)) / 2 + GAP <= slot);

/** Upright words, in as many lines as their place takes. */
function upright(words, slot) {
  const room = Math.floor((slot - 2) / LINE);
  const longest = most(words.map(widthOf));
  const single = most(words.flatMap((word) => word.split(/ |<br>/)).map(widthOf));
  const folded = words.map((word) => wrapped(word, narrower(Math.max(single, longest / 2 + 10))));
  return rowsOf(folded) <= room ? folded : words.map((word) => linesOf(word).join(' '));
}

/** Words of which so few are left that they stand beside each other upright; the others empty. */
function thinned(words, slot) {
  const every = Math.ceil((SIZE - 0.5) / slot);
  return every > 1 ? words.map((word, i) => i % every === 0 ? word : '') : words;
}

/** How the words of the axis `name` stand in slots of so many pixels, upright if they have to. */
function wordsIn(first, name, slot, isUpright) {
  const { ticktext } = first.layout[name];
  const all = everySetting(first, `${name}.ticktext`);
  const isFixed = all.length === 1; // no step of a slider sets them
  if (!isUpright) {
    if (all.every((words) => fitSideBySide(words, slot)))
      return { words: ticktext, below: LINE * most(all.map(rowsOf)) };
    const lines = ticktext.map((word) => wrapped(word, narrower(slot - GAP)));
    if (isFixed && fitSideBySide(lines, slot) && rowsOf(lines) <= LINES)
      return { words: lines, angle: 0, below: LINE * rowsOf(lines) };
  }
  const words = isFixed ? thinned(upright(ticktext, slot), slot) : ticktext;
  return { words, angle: 90, below: most([words, ...all.slice(1)].flat().map(widthOf)) };
}

const hasWords = ({ ticktext, tickvals = [], tickangle, visible, type }) =>
  ticktext && visible !== false && !tickangle && type !== 'log'
  && tickvals.every((value, i) => value === i);

/**
 * How the words of the axes `names` stand along so many pixels each: their angle, if it is to be
 * set, the texts, and the pixels that they take below the panel. Undefined for an axis without
 * words. Those of one panel are upright if those of another are.
 */
export function wordsAlong(first, names, lengths) {
  const at = (isUpright) =>
    names.map((name, i) => {
      const axis = first.layout[name];
      if (!hasWords(axis)) return undefined;
      return wordsIn(first, name, lengths[i] / axis.ticktext.length, isUpright);
    });
  const each = at(false);
  return each.some((along) => along?.angle === 90) ? at(true) : each;
}

/** The changes of the layout that let the words of an axis stand so. */
export const wordChanges = (name, { layout }, along) => ({
  ...(along?.angle === undefined ? {} : { [`${name}.tickangle`]: along.angle }),
  ...(along && along.words.join() !== layout[name].ticktext.join()
    ? { [`${name}.ticktext`]: along.words }
    : {}),
});

/** Pixels above a slider: 20 are Plotly's own. */
const padOf = ({ pad }) => pad?.t ?? 20;

/** Pixels between the panel and what stands below the title of its axis, the words among them. */
const withTitle = (below, layout) => 8 + below + (layout.xaxis?.title?.text ? 28 : 0);

/** Adds what the words of panels that are not stacked need. */
export function worded(first, width, { height, changes, ...rest }) {
  const { layout } = first;
  const { legend, margin, showlegend, sliders } = layout;
  const names = axesOf(layout, 'x');
  const at = (page) => wordsAlong(first, names, names.map((name) => lengthOf(first, name, page)));
  const below = (all) => Math.max(18, most(all.map((along) => along?.below ?? 0)));
  const now = at(width);
  const more = !now.some(Boolean) ? 0 : Math.max(
    0,
    sliders
      ? withTitle(below(now), layout) - padOf(sliders[0])
      : below(now) - below(at(DESIGNED)),
  );
  const isAbove = sliders || showlegend && legend.yref !== 'container';
  const high = first.high - margin.t - margin.b;
  return {
    ...rest,
    height: height + more,
    changes: {
      ...changes,
      ...Object.assign({}, ...names.map((name, i) => wordChanges(name, first, now[i]))),
      ...(more > 0 && isAbove ? { 'margin.b': margin.b + more } : {}),
      ...(more > 0 && sliders ? { 'sliders[0].pad.t': padOf(sliders[0]) + more } : {}),
      ...(more > 0 && isAbove && !sliders ? { 'legend.y': legend.y - more / high } : {}),
    },
  };
}
