/**
 * The values written at vertical bars. Plotly shrinks a label to the width of its bar, down to what
 * nobody can read: here labels keep their size, and are upright, or turned, or left to the hover
 * text.
 */
import { asSpec, type Figure, greatest, type Json, type Spec } from './figure';

/** Pixels: the plot on a page of 760, its height, and the size and the width of a letter. */
const [plotWidth, plotHeight, size, letter] = [670, 230, 12, 7];

/** `figure` with labels that fit their bars when it is drawn on a `share` of the page's width. */
export function fitLabels(figure: Figure, share = 1): Figure {
  const sets = figure.data.filter(hasLabels);
  const values = sets.flatMap(valuesOf);
  if (sets.length === 0) return figure;
  const slot = share * plotWidth / greatest(sets.map((set) => valuesOf(set).length));
  // the labels of a single set may use the gap between two bars
  const room = sets.length === 1 ? slot - 4 : slot * 0.75 / sets.length;
  const wanted = letter * greatest(sets.map(letters));
  const turned = wanted > room;
  const look: Spec = { constraintext: 'none', textangle: turned ? -90 : 0, textfont: { size } };
  const data = figure.data.map((trace): Spec => {
    if (!hasLabels(trace)) return trace;
    const { texttemplate, ...without } = trace;
    return turned && room < size ? without : { ...without, texttemplate: texttemplate!, ...look };
  });
  const top = greatest(values, 0) * (1 + (turned ? wanted + 4 : size + 4) / plotHeight);
  const yaxis = { ...asSpec(figure.layout['yaxis']), autorangeoptions: { include: top } };
  return { ...figure, data, layout: { ...figure.layout, yaxis } };
}

function hasLabels(trace: Spec): boolean {
  return trace['type'] === 'bar' && trace['orientation'] === 'v' && 'texttemplate' in trace;
}

function valuesOf({ y }: Spec): number[] {
  return Array.isArray(y) ? y.map((value: Json) => (typeof value === 'number' ? value : 0)) : [];
}

/** Letters of the longest label: a number of three digits, or a percentage, whose sign is wide. */
function letters(trace: Spec): number {
  const percent = JSON.stringify(trace['texttemplate']).includes('%}');
  return greatest(
    valuesOf(trace).map((value) =>
      percent
        ? String(Math.round(100 * value)).length + 1.6
        : value.toPrecision(3).replace(/\.?0+(?=e|$)/, '').length
    ),
  );
}
