/** The figures of curves that a run of the notebook has shown, for `compare`. */
import { asSpec, asText, axesOf, type Figure, type Spec } from './figure';
import { plainText } from './markup';

const shown = new Map<string, Figure>();

/**
 * Remembers a figure in place of an earlier one of the same key. One with a slider is left out: it
 * holds the curves of many values already. So is one of times, which differ in every run.
 */
export function rememberCurves(figure: Figure): void {
  if (isOfCurves(figure)) shown.set(keyOf(figure), figure);
}

/** The figures of curves that were shown last, by their keys. */
export const shownCurves = (): ReadonlyMap<string, Figure> => new Map(shown);

function isOfCurves({ data, layout }: Figure): boolean {
  return data.length > 0 && !('sliders' in layout)
    && data.every(({ type, mode }) => type === 'scatter' && asText(mode).includes('lines'))
    && axesOf(layout).some(([, { visible }]) => visible !== false)
    && !axesOf(layout).some(([, axis]) => /seconds\b|\bms\b/.test(titleOf(axis)));
}

/**
 * What a figure is called in every run: its titles, without the numbers in them, which may be those
 * of parameters, and without the line under the title, which may report a result.
 */
function keyOf({ layout }: Figure): string {
  return [titleOf(layout), ...axesOf(layout).map(([, axis]) => titleOf(axis))]
    .map((text) => text.replace(/\d+(?:\.\d+)?/g, '#')).join(' | ');
}

/** The title of a layout or an axis, as plain text, without the line under it. */
export function titleOf(holder: Spec): string {
  return plainText(asText(asSpec(holder['title'])['text']).split('<br>')[0]!);
}
