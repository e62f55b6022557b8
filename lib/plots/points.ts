import {
  axis, figure, formats, plain, sameLength, type Figure, type FigureOptions, type Numbers, type Spec,
} from './figure';
import { bars } from './bars';
import { colorOf, palette, type Role } from './palette';
import { say } from './words';

/** A cloud of points. */
export interface PointSeries {
  name: string;
  x: Numbers;
  y: Numbers;
  color?: Role;
  /** A text for each point, shown when it is touched. */
  labels?: readonly string[];
}

export interface ScatterOptions extends FigureOptions {
  /** Draw the line y = x, where two measurements would agree. */
  diagonal?: boolean;
  logX?: boolean;
  logY?: boolean;
}

/**
 * Points by their two coordinates, such as a model's probabilities over the exact ones.
 * @throws RangeError if a cloud has another number of x than of y
 */
export function scatter(series: readonly PointSeries[], options: ScatterOptions): Figure {
  const format = formats(options.percent);
  const data = series.map((points, index): Spec => {
    sameLength(`y of "${points.name}"`, points.x.length, points.y.length);
    return {
      type: 'scatter', mode: 'markers', name: points.name, x: plain(points.x), y: plain(points.y),
      marker: { color: colorOf(points.color, index), size: 8 },
      ...(points.labels ? { text: [...points.labels] } : {}),
      hovertemplate: `${points.labels ? '%{text}: ' : ''}%{x:${format.hover}}, %{y:${format.hover}}`
        + `<extra>${points.name}</extra>`,
    };
  });
  if (options.diagonal) {
    const all = series.flatMap(({ x, y }) => [...Array.from(x), ...Array.from(y)]).filter(Number.isFinite);
    const ends = all.length > 0 ? [Math.min(...all), Math.max(...all)] : [0, 1];
    data.push({
      type: 'scatter', mode: 'lines', name: 'equal', x: ends, y: ends, hoverinfo: 'skip',
      line: { color: palette.muted, dash: 'dot', width: 2 },
    });
  }
  const count = series.reduce((sum, { x }) => sum + x.length, 0);
  return figure(data, options, {
    showlegend: data.length > 1,
    xaxis: axis(options.xTitle, { ...format.tick, ...(options.logX ? { type: 'log' } : {}) }),
    yaxis: axis(options.yTitle, { ...format.tick, ...(options.logY ? { type: 'log' } : {}) }),
  }, `${count} points: ${options.yTitle} over ${options.xTitle}.`);
}

export interface HistogramOptions extends FigureOptions {
  /** How many bins of equal width; 20 if left out. */
  bins?: number;
  color?: Role;
}

/**
 * How often values fall into each of `bins` equal intervals. Counted here, so that the numbers are in the figure.
 * @throws RangeError if no value is finite
 */
export function histogram(values: Numbers, { bins = 20, ...options }: HistogramOptions): Figure {
  const known = Array.from(values).filter(Number.isFinite).sort((a, b) => a - b);
  const [low, high, median] = [known[0], known[known.length - 1], known[known.length >> 1]];
  if (low === undefined || high === undefined || median === undefined) {
    throw new RangeError(`a histogram needs at least one finite value, got ${values.length} values, none finite`);
  }
  const width = (high - low) / bins || 1;
  const counts = new Array<number>(bins).fill(0);
  for (const value of known) {
    const bin = Math.min(bins - 1, Math.floor((value - low) / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const labels = counts.map((_, i) => say(low + (i + 0.5) * width));
  const built = bars(labels, counts, { showValues: false, ...options, percent: false });
  const summary = `${known.length} values from ${say(low)} to ${say(high)}, half of them below ${say(median)}.`;
  return { ...built, layout: { ...built.layout, bargap: 0.03 }, summary: options.summary ?? summary };
}
