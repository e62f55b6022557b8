/** Whole numbers along a horizontal axis: fewer of them where not all fit. */
import { axesOf, lengthOf } from './axes.js';
import { most, pixelsOf } from './texts.js';

const STEPS = [1, 2, 5, 10, 20, 50];

/** Adds what an axis needs that lib/plots/lines.ts gives a tick at each whole number. */
export function numbered(first, width, state) {
  const changes = { ...state.changes };
  for (const name of axesOf(first.layout, 'x')) {
    const range = first.ranges[name];
    if (first.layout[name].dtick !== 1 || !range) continue;
    const wanted = 6 + most(range.map((end) => pixelsOf(String(Math.round(end)), 13)));
    const one = lengthOf(first, name, width, state.isStacked) / Math.abs(range[1] - range[0]);
    const step = STEPS.find((each) => each * one >= wanted) ?? STEPS.at(-1);
    if (step > 1) changes[`${name}.dtick`] = step;
  }
  return { ...state, changes };
}
