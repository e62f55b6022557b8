import { axis, buildFigure, checkCount, type Figure, type FigureOptions, formats, type Numbers,
  plain, type Spec } from './figure';
import { colorOf, type Role } from './palette';
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

export interface LineOptions extends FigureOptions {
  references?: readonly Reference[];
  logX?: boolean;
  logY?: boolean;
}

/**
 * Curves over a common axis, with reference levels.
 * @throws RangeError if a curve does not have as many x values as y values
 */
export function lines(series: readonly LineSeries[], options: LineOptions): Figure {
  const format = formats(options.percent);
  const curves = series.map((line, index): Spec => {
    const x = line.x ?? Array.from(line.y, (_, i) => i);
    checkCount(`x values of "${line.name}"`, x.length, line.y.length, 'y value');
    const dash = line.dash ?? 'solid';
    return {
      type: 'scatter',
      mode: line.markers ?? line.y.length <= 30 ? 'lines+markers' : 'lines',
      name: line.name,
      x: plain(x),
      y: plain(line.y),
      line: { color: colorOf(line.color, index), dash, width: 2 },
      ...(line.labels ? { text: [...line.labels] } : {}),
      hovertemplate: `${
        line.labels ? '%{text}: ' : ''
      }%{y:${format.hover}}<extra>${line.name}</extra>`,
    };
  });
  const [from, to] = extent(series);
  const levels = (options.references ?? []).map(({ name, value, color = 'floor' }): Spec => ({
    type: 'scatter',
    mode: 'lines',
    name,
    x: [from, to],
    y: [value, value],
    line: { color: colorOf(color), dash: 'dot', width: 2 },
    hovertemplate: `%{y:${format.hover}}<extra>${name}</extra>`,
  }));
  return buildFigure([...curves, ...levels], options, {
    showlegend: curves.length + levels.length > 1,
    hovermode: 'x unified',
    xaxis: axis(options.xTitle, {
      ...(options.logX ? { type: 'log' } : {}),
      ...(hasIntegerSteps(series) ? { dtick: 1 } : {}),
    }),
    yaxis: axis(options.yTitle, { ...format.tick, ...(options.logY ? { type: 'log' } : {}) }),
  }, describe(series, options));
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
  return `${curves}${levels}.`;
}
