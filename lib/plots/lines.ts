import { axis, buildFigure, checkCount, checkKnown, exponents, type Figure, FIGURE_OPTIONS,
  type FigureOptions, formats, greatest, type Known, type Numbers, plain, type ScaleOptions,
  shareAxis, type Spec } from './figure';
import { logAxis } from './log-axis';
import { hoverName, markup, oneLine } from './markup';
import { looksOf, type Role } from './palette';
import { formatNumber, trend } from './summary-words';

/** One curve. Default for `x`: 0, 1, 2, … */
export interface LineSeries {
  name: string;
  y: Numbers;
  x?: Numbers;
  color?: Role;
  dash?: 'solid' | 'dash' | 'dot';
  /** Mark each point. Default: up to 30 points. */
  markers?: boolean;
  /** A text for each point, shown on hover. */
  labels?: readonly string[];
}

/** A level to compare with, such as the entropy floor: a dotted line across the whole plot. */
export interface Reference {
  name: string;
  value: number;
  color?: Role;
}

export interface LineOptions extends FigureOptions, ScaleOptions {
  references?: readonly Reference[];
  /** The x values are shares of 1, too, shown in percent on an axis from 0 to 1. */
  percentX?: boolean;
  logX?: boolean;
  logY?: boolean;
}

const OPTIONS: Known<LineOptions> = { ...FIGURE_OPTIONS, references: true, percentX: true,
  logX: true, logY: true, top: true };
const SERIES: Known<LineSeries> = { name: true, y: true, x: true, color: true, dash: true,
  markers: true, labels: true };
const REFERENCE: Known<Reference> = { name: true, value: true, color: true };

/**
 * The ways of drawing a curve in one colour, with the symbols of its points. Dots, the last way,
 * are for references, and for curves whose caller asks for them.
 */
const DASHES = ['solid', 'dash', 'dashdot', 'longdash', 'longdashdot', 'dot'];
const SYMBOLS = ['circle', 'square', 'diamond', 'x', 'triangle-up', 'circle'];
const DOTS = DASHES.length - 1;

/**
 * Curves over a common axis, with reference levels. Curves whose caller chooses no colours get
 * colours and dashes that differ, up to 25 of them.
 * @throws RangeError if a curve does not have as many x values as y values, or for an unknown
 *   option
 */
export function lines(series: readonly LineSeries[], options: LineOptions): Figure {
  const { references = [] } = options;
  checkKnown('option', options, OPTIONS);
  for (const line of series) checkKnown('field of a curve', line, SERIES);
  for (const reference of references) checkKnown('field of a reference', reference, REFERENCE);
  const format = formats(options.percent);
  const looks = looksOf(
    series.map(({ color, dash }) => ({ role: color, way: dash && DASHES.indexOf(dash) })),
    DOTS,
  );
  const beneath = coinciding(series);
  const curves = series.map((line, index): Spec => {
    const { color, way } = looks[index]!;
    const x = line.x ?? Array.from(line.y, (_, i) => i);
    checkCount(`x values of "${line.name}"`, x.length, line.y.length, 'y value');
    return {
      type: 'scatter',
      mode: line.markers ?? line.y.length <= 30 ? 'lines+markers' : 'lines',
      name: markup(line.name),
      x: plain(x),
      y: plain(line.y),
      // under a curve that coincides with it, a wide one stays visible
      line: { color, dash: DASHES[way]!, width: beneath.has(index) ? 6 : 2 },
      ...(line.dash === undefined && way > 0 ? { marker: { symbol: SYMBOLS[way]! } } : {}),
      ...(line.labels ? { text: line.labels.map(markup) } : {}),
      hovertemplate: `${line.labels ? '%{text}: ' : ''}%{y:${format.hover}}<extra>${
        hoverName(line.name)
      }</extra>`,
    };
  });
  const [from, to] = extent(series);
  const levelLooks = looksOf(
    references.map(({ color }, index) => ({ role: index === 0 ? color ?? 'floor' : color,
      way: DOTS })
    ),
    1,
  );
  const levels = references.map(({ name, value }, index): Spec => ({
    type: 'scatter',
    mode: 'lines',
    name: markup(name),
    x: [from, to],
    y: [value, value],
    line: { color: levelLooks[index]!.color, dash: 'dot', width: 2 },
    hovertemplate: `%{y:${format.hover}}<extra>${hoverName(name)}</extra>`,
  }));
  const heights = [
    ...series.flatMap(({ y }) => Array.from(y)),
    ...references.map(({ value }) => value),
  ];
  return buildFigure([...curves, ...levels], options, {
    showlegend: curves.length + levels.length > 1,
    hovermode: 'x unified',
    xaxis: axis(options.xTitle, {
      ...(options.logX ? logAxis(series.flatMap(xOf)) : {}),
      ...(hasIntegerSteps(series) && !options.percentX ? { dtick: 1 } : {}),
      ...(options.percentX
        ? { ...formats(true).tick, ...shareAxis(series.flatMap(xOf), 1, [0.02, 0.02]) }
        : {}),
    }),
    yaxis: axis(options.yTitle, {
      ...format.tick,
      ...exponents(heights),
      ...(options.logY ? logAxis(heights) : {}),
      ...(options.percent && !options.logY ? shareAxis(heights, options.top, [0.02, 0.02]) : {}),
    }),
  }, describe(series, options));
}

const xOf = ({ x, y }: LineSeries): number[] => Array.from(x ?? Array.from(y, (_, i) => i));

/**
 * The indices of the curves that a later one covers: at three points of four or more they are at
 * most one hundredth of the figure's height apart.
 */
function coinciding(series: readonly LineSeries[]): Set<number> {
  const all = series.flatMap(({ y }) => Array.from(y)).filter(Number.isFinite);
  const near = (greatest(all) + greatest(all.map((value) => -value))) / 100;
  const covers = (over: LineSeries, under: LineSeries): boolean => {
    if (xOf(over).join() !== xOf(under).join() || under.y.length < 2) return false;
    const close = Array.from(under.y).filter((value, i) => Math.abs(value - over.y[i]!) <= near);
    return close.length >= 0.75 * under.y.length;
  };
  return new Set(
    series.flatMap((
      under,
      i,
    ) => (series.slice(i + 1).some((over) => covers(over, under)) ? [i] : [])),
  );
}

function extent(series: readonly LineSeries[]): [number, number] {
  let [from, to] = [Infinity, -Infinity];
  for (const { x, y } of series) {
    for (const value of x ? Array.from(x) : [0, y.length - 1]) {
      [from, to] = [Math.min(from, value), Math.max(to, value)];
    }
  }
  return from <= to ? [from, to] : [0, 1];
}

/** Whether all x are integers in a short range, so that ticks are needed only at integers. */
function hasIntegerSteps(series: readonly LineSeries[]): boolean {
  const [from, to] = extent(series);
  return to - from <= 20 && series.every(({ x }) => !x || Array.from(x).every(Number.isInteger));
}

function describe(
  series: readonly LineSeries[],
  { references = [], percent }: LineOptions,
): string {
  const curves = series.map(({ name, y }) => `${name} ${trend(y, percent)}`).join('; ');
  const levels = references.map(({ name, value }) => `; ${name} is ${formatNumber(value, percent)}`)
    .join(
      '',
    );
  return oneLine(`${curves}${levels}.`);
}
