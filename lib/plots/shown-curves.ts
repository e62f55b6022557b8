/** The figures of curves that a run of the notebook has shown, for `compare`. */
import { asSpec, type Figure } from './figure';
import { plainText } from './markup';

const shown = new Map<string, Figure>();

/**
 * Remembers a figure in place of an earlier one of the same key. One with a slider is left out: it
 * holds the curves of many values already.
 */
export function rememberCurves(figure: Figure): void {
  if (isOfCurves(figure)) shown.set(keyOf(figure), figure);
}

/** The figures of curves that were shown last, by their keys. */
export const shownCurves = (): ReadonlyMap<string, Figure> => new Map(shown);

function isOfCurves({ data, layout }: Figure): boolean {
  return data.length > 0 && !('sliders' in layout)
    && data.every(({ type, mode }) => type === 'scatter' && String(mode).includes('lines'))
    && Object.keys(layout).some((key) => /^xaxis\d*$/.test(key))
    && asSpec(layout['xaxis'])['visible'] !== false;
}

/**
 * What a figure is called in every run: its titles, without the numbers in them, which may be those
 * of parameters, and without the line under the title, which may report a result.
 */
function keyOf({ layout }: Figure): string {
  const axes = Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key)).map((key) =>
    asSpec(layout[key])
  );
  const [title = ''] = textOf(layout['title']).split('<br>');
  return [title, ...axes.map(({ title: name }) => textOf(name))].map((text) =>
    plainText(text).replace(/\d+(?:\.\d+)?/g, '#')
  ).join(' | ');
}

const textOf = (title: Figure['layout'][string] | undefined): string =>
  String(asSpec(title)['text'] ?? '');
