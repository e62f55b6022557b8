/**
 * Curves as SVG, for a plot that changes while it is shown: Plotly in JupyterLab would draw only
 * its first state.
 */
import { asSpec, asText, type Figure, greatest, type Json, type Spec } from './figure';
import { plainText, xmlText } from './markup';
import { grid, ink, paper } from './palette';

/** Pixels; as wide as the PNGs in saved notebooks. */
const width = 760;
const [left, right, below] = [60, 30, 60];

interface Curve {
  name: string;
  points: [x: number, y: number][];
  color: string;
  /** Lengths of dashes and gaps in pixels; none for a solid line. */
  dashes: string;
}

/** A linear map from numbers to pixels, and the numbers that get a tick. */
interface Scale {
  at(value: number): number;
  ticks: number[];
}

/**
 * A figure of `lines` as SVG: title, legend, axes and curves, in the colours and the size of the
 * Plotly figure, without hover texts. Points that are null are left out.
 */
export function linesAsSvg({ data, layout }: Figure): string {
  const curves = data.map(curveOf);
  const height = typeof layout['height'] === 'number' ? layout['height'] : 360;
  const [title = '', subtitle = ''] = asText(asSpec(layout['title'])['text']).split('<br>')
    .map(plainText);
  const names = legendOf(curves);
  const legendTop = subtitle === '' ? 48 : 70;
  const top = legendTop + legendRow * greatest(names.map(({ row }) => row + 1), 1);
  const points = curves.flatMap((curve) => curve.points);
  const x = scaleOf(points.map(([value]) => value), left, width - right);
  const y = scaleOf(points.map(([, value]) => value), height - below, top, 0.06);
  const middle = (top + height - below) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"`
    + ` viewBox="0 0 ${width} ${height}"`
    + ` font-family="Open Sans, verdana, arial, sans-serif" font-size="12" fill="${ink}">`,
    `<rect width="100%" height="100%" fill="${paper}"/>`,
    label(title, 8, 22, 'font-size="15"'),
    label(subtitle, 8, 42),
    ...names.map(({ name, color, dashes, from, row }) => {
      const y = legendTop + row * legendRow;
      return stroke(`M${from} ${y}h24`, color, dashes) + label(name, from + 30, y + 4);
    }),
    ...x.ticks.map((tick) =>
      stroke(`M${px(x.at(tick))} ${top}V${height - below}`, grid, '', 1)
      + label(tickLabel(tick), x.at(tick), height - below + 18, 'text-anchor="middle"')
    ),
    ...y.ticks.map((tick) =>
      stroke(`M${left} ${px(y.at(tick))}H${width - right}`, grid, '', 1)
      + label(tickLabel(tick), left - 8, y.at(tick) + 4, 'text-anchor="end"')
    ),
    stroke(`M${left} ${top}V${height - below}H${width - right}`, ink, '', 1),
    ...curves.map(({ points: own, color, dashes }) =>
      stroke(`M${own.map(([a, b]) => `${px(x.at(a))} ${px(y.at(b))}`).join('L')}`, color, dashes)
    ),
    label(
      textAt(layout['xaxis'], 'title'),
      (left + width - right) / 2,
      height - 20,
      'font-size="13" text-anchor="middle"',
    ),
    label(
      textAt(layout['yaxis'], 'title'),
      0,
      0,
      `transform="translate(18 ${middle}) rotate(-90)" text-anchor="middle"`,
    ),
    '</svg>',
  ].join('\n');
}

/** Height of a row of names, and the smallest width of a name, in pixels. */
const [legendRow, nameWidth] = [18, 150];

/** Where each name is: as many in a row as fit, at about 7 pixels a letter. */
function legendOf(curves: readonly Curve[]): (Curve & { from: number; row: number })[] {
  let [from, row] = [left, 0];
  return curves.map((curve) => {
    const room = Math.max(nameWidth, 45 + 7 * curve.name.length);
    if (from > left && from + room > width) [from, row] = [left, row + 1];
    const place = { ...curve, from, row };
    from += room;
    return place;
  });
}

function curveOf(trace: Spec): Curve {
  const [x, y, line] = [list(trace['x']), list(trace['y']), asSpec(trace['line'])];
  return {
    name: plainText(asText(trace['name'])),
    points: x.flatMap((value, i): [number, number][] => {
      const height = y[i];
      return typeof value === 'number' && typeof height === 'number' ? [[value, height]] : [];
    }),
    color: asText(line['color']) || ink,
    dashes: DASHES[asText(line['dash'])] ?? '',
  };
}

/**
 * A scale from the smallest of `values` to the largest, plus a share `room` of that range on both
 * sides. The distance between ticks is 1, 2 or 5 times a power of ten.
 */
function scaleOf(values: readonly number[], start: number, end: number, room = 0): Scale {
  const low = -greatest(values.map((value) => -value));
  const span = greatest(values) - low || 1;
  const from = low - room * span;
  const whole = span * (1 + 2 * room);
  const power = 10 ** Math.floor(Math.log10(whole / 5));
  const step = power * ([1, 2, 5].find((times) => times * power * 6 >= whole) ?? 10);
  const first = Math.ceil(from / step);
  const count = Math.floor((from + whole) / step) - first + 1;
  return {
    at: (value) => start + ((value - from) / whole) * (end - start),
    ticks: Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step),
  };
}

const DASHES: Record<string, string> = { dot: '2 3', dash: '8 5', dashdot: '8 4 2 4',
  longdash: '14 5', longdashdot: '14 4 2 4' };

function stroke(path: string, color: string, dashes: string, size = 2): string {
  return `<path d="${path}" fill="none" stroke="${color}" stroke-width="${size}"${
    dashes && ` stroke-dasharray="${dashes}"`
  }/>`;
}

function label(text: string, x: number, y: number, more = ''): string {
  return text === '' ? '' : `<text x="${px(x)}" y="${px(y)}" ${more}>${xmlText(text)}</text>`;
}

function px(value: number): string {
  return String(Number(value.toFixed(1)));
}

function tickLabel(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** The plain text of `name` in `holder`. */
function textAt(holder: Json | undefined, name: string): string {
  return plainText(asText(asSpec(asSpec(holder)[name])['text']));
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
