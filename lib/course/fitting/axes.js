/** The axes of a layout, and the words along them. */
import { lettersOf, linesOf, most } from './texts.js';

/** The names of the axes of one letter, such as `xaxis2`, in their order. */
export const axesOf = (layout, letter) =>
  Object.keys(layout).filter((name) => new RegExp(`^${letter}axis\\d*$`).test(name))
    .sort((a, b) => (parseInt(a.slice(5)) || 1) - (parseInt(b.slice(5)) || 1));

/** Pixels of the longest line in the words of an axis. */
export const wordWidth = ({ ticktext = [] }) => 7 * most(ticktext.flatMap(linesOf).map(lettersOf));

/** Whether its words are wider than a panel of so many pixels. */
export const isTurned = (axis, width) =>
  (wordWidth(axis) + 4) * (axis.ticktext?.length ?? 0) > width;

/** Pixels of its words, below the panel. */
const wordsBelow = (axis, width) =>
  isTurned(axis, width)
    ? wordWidth(axis)
    : 18 * most((axis.ticktext ?? []).map((word) => linesOf(word).length));

/** Pixels below a panel: its words and its title. */
export const roomBelow = (axis, width) =>
  Math.max(18, wordsBelow(axis, width)) + (axis.title?.text ? 42 : 8);
