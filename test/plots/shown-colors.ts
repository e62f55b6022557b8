/**
 * What a Plotly figure shows: each text and each mark with the colour behind it, read from the
 * figure's data. `least` is the contrast that WCAG 2.2 asks for (1.4.3 for text, 1.4.11 for marks
 * that carry meaning). Not asked for: grid lines, which are decoration, and the fill of heatmap
 * cells, since 1.4.11 excepts colours that are themselves the measurement.
 */
import { blend, formatHex, interpolate } from 'culori';
import { asSpec, type Json, type Spec } from '../../lib/plots/figure';

export interface Shown {
  what: string;
  front: string;
  behind: string;
  least: 4.5 | 3;
}

/** What a figure needs to be read. */
export interface Drawn {
  data: readonly Spec[];
  layout: Spec;
}

export function shownColors({ data, layout }: Drawn): Shown[] {
  const paper = text(layout['paper_bgcolor']);
  const page = over(text(layout['plot_bgcolor']), paper);
  const font = text(asSpec(layout['font'])['color']);
  const hover = asSpec(layout['hoverlabel']);
  const shown: Shown[] = [
    { what: 'title, legend and labels', front: font, behind: paper, least: 4.5 },
    { what: 'title', front: text(asSpec(asSpec(layout['title'])['font'])['color'] ?? font),
      behind: paper, least: 4.5 },
    { what: 'hover text', front: text(asSpec(hover['font'])['color']),
      behind: text(hover['bgcolor']), least: 4.5 },
    { what: 'buttons', front: text(asSpec(layout['modebar'])['color']), behind: paper, least: 3 },
  ];
  for (const [name, value] of Object.entries(layout)) {
    if (!/^[xy]axis\d*$/.test(name) || asSpec(value)['visible'] === false) continue;
    const axis = asSpec(value);
    const ticks = text(asSpec(axis['tickfont'])['color'] ?? axis['color']);
    shown.push({ what: `${name}, title and ticks`, front: ticks, behind: paper, least: 4.5 });
    shown.push({ what: `${name}, line`, front: text(axis['linecolor']), behind: page, least: 3 });
  }
  for (const note of list(layout['annotations']).map(asSpec)) {
    const what = `annotation "${text(note['text'])}"`;
    const behind = over(text(note['bgcolor'] ?? page), page);
    shown.push({ what, front: text(asSpec(note['font'])['color']), behind, least: 4.5 });
    if (note['bordercolor'] !== undefined)
      shown.push({ what: `frame of ${what}`, front: text(note['bordercolor']), behind, least: 3 });
  }
  for (const slider of list(layout['sliders']).map(asSpec)) {
    const marks = ['bgcolor', 'bordercolor', 'activebgcolor', 'tickcolor'];
    shown.push(
      { what: 'texts of the slider', front: text(asSpec(slider['font'])['color']), behind: paper,
        least: 4.5 },
      ...marks.map((mark): Shown => ({ what: `${mark} of the slider`, front: text(slider[mark]),
        behind: paper, least: 3 })
      ),
    );
  }
  return [...shown, ...data.flatMap((trace) => traceColors(trace, page, font))];
}

function traceColors(trace: Spec, page: string, font: string): Shown[] {
  if (trace['type'] === 'bar') return barColors(trace, page, font);
  if (trace['type'] === 'heatmap') return cellColors(trace, page);
  if (trace['type'] === 'scatter') {
    const opacity = Number(trace['opacity'] ?? 1);
    const front = over(text(asSpec(trace['line'])['color']), page, opacity);
    return [{ what: `curve ${text(trace['name'] ?? '')}`, front, behind: page, least: 3 }];
  }
  throw new Error(`no rule for the colours of a trace of type ${text(trace['type'] ?? null)}`);
}

/** A bar is seen by its fill or, if it has one, by its outline. */
function barColors(trace: Spec, page: string, font: string): Shown[] {
  const marker = asSpec(trace['marker']);
  const outline = asSpec(marker['line'])['color'];
  const fills = [marker['color'] ?? null].flat().map((color) => over(text(color), page));
  const inside = trace['textposition'] === 'inside';
  const ink = asSpec(trace[inside ? 'insidetextfont' : 'textfont'])['color'] ?? font;
  return fills.flatMap((fill): Shown[] => [
    { what: `bar ${text(trace['name'])}`, front: outline === undefined ? fill : text(outline),
      behind: page, least: 3 },
    ...('text' in trace || 'texttemplate' in trace
      ? [{ what: `label of bar ${text(trace['name'])}`, front: text(ink),
        behind: inside ? fill : page, least: 4.5 as const }]
      : []),
  ]);
}

function cellColors(trace: Spec, page: string): Shown[] {
  if (!('texttemplate' in trace)) return [];
  const rows = trace['z'] as (number | null)[][];
  const values = rows.flat().filter((value) => value !== null);
  const low = Number(trace['zmin'] ?? Math.min(...values));
  const high = Number(trace['zmax'] ?? Math.max(...values));
  const stops = trace['colorscale'];
  if (!Array.isArray(stops)) throw new Error('a colour scale must be given by its colours');
  // Plotly mixes the colours as red, green and blue
  const scale = interpolate(
    stops.map((stop) => [(stop as [number, string])[1], (stop as [number, string])[0]]),
    'rgb',
  );
  const ink = text(asSpec(trace['textfont'])['color']);
  return values.map((value) => ({
    what: `number ${value} in its cell`,
    front: ink,
    behind: over(
      formatHex(scale(Math.min(1, Math.max(0, (value - low) / (high - low || 1))))),
      page,
    ),
    least: 4.5,
  }));
}

/** `color`, with its own opacity times `opacity`, on an opaque `page`. */
export function over(color: string, page: string, opacity = 1): string {
  const layer = opacity === 1 ? color : `${color}${Math.round(opacity * 255).toString(16)}`;
  return formatHex(blend([page, layer], 'normal'));
}

function text(value: Json | undefined): string {
  if (typeof value !== 'string')
    throw new Error(`a colour or text is missing, got ${JSON.stringify(value)}`);
  return value;
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
