import { checkInteger } from '../base/checks';
import { bars } from './bars';
import { asSpec, checkKnown, type Figure, FIGURE_OPTIONS, type FigureOptions, type Known,
  type Numbers, type Spec } from './figure';
import type { Reference } from './lines';
import { markup } from './markup';
import { ink, palette, type Role } from './palette';
import { formatNumber } from './summary-words';

export interface HistogramOptions extends FigureOptions {
  /** The number of bins, all of equal width. Default 20. */
  bins?: number;
  color?: Role;
  /** Values to compare with: a dotted line at each, with its name on top. */
  references?: readonly Reference[];
}

const OPTIONS: Known<HistogramOptions> = { ...FIGURE_OPTIONS, bins: true, color: true,
  references: true };

/**
 * How many values fall into each of `bins` equal intervals. They are counted here and not by
 * Plotly, so that the figure holds the numbers.
 * @throws RangeError if no value is finite
 */
export function histogram(
  values: Numbers,
  { bins = 20, references = [], ...options }: HistogramOptions,
): Figure {
  checkKnown('option', options, OPTIONS);
  checkInteger('bins', bins, { from: 1, to: 10_000 });
  const known = Array.from(values).filter(Number.isFinite).sort((a, b) => a - b);
  const [low, high, median] = [known[0], known[known.length - 1], known[known.length >> 1]];
  if (low === undefined || high === undefined || median === undefined) {
    throw new RangeError(
      `values must hold at least one finite number, got none among ${values.length}`,
    );
  }
  const width = (high - low) / bins || 1;
  const counts = new Array<number>(bins).fill(0);
  for (const value of known) {
    const bin = Math.min(bins - 1, Math.floor((value - low) / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const labels = counts.map((_, i) => formatNumber(low + (i + 0.5) * width));
  const built = bars(labels, counts, { showValues: false, ...options, percent: false });
  const summary = `${known.length} values from ${formatNumber(low)} to ${
    formatNumber(high)
  }, half of them below ${formatNumber(median)}${
    references.map(({ name, value }) => `; ${name} is ${formatNumber(value)}`).join('')
  }.`;
  // bars stand at whole numbers, so a bin's middle is at its index
  const places = references.map(({ value }) => (value - low) / width - 0.5);
  const shapes = references.map(({ color = 'floor' }, i): Spec => ({ type: 'line', x0: places[i]!,
    x1: places[i]!, yref: 'paper', y0: 0, y1: 1,
    line: { color: palette[color], dash: 'dot', width: 2 } })
  );
  const annotations = references.map(({ name }, i): Spec => ({ x: places[i]!, yref: 'paper', y: 1,
    yanchor: 'bottom', showarrow: false, text: markup(name), font: { size: 12, color: ink } })
  );
  const room = 18; // for the names, below the title
  const { margin, height } = built.layout;
  const marks: Spec = references.length > 0
    ? { shapes, annotations, height: Number(height) + room,
      margin: { ...asSpec(margin), t: Number(asSpec(margin)['t']) + room } }
    : {};
  return { ...built, layout: { ...built.layout, ...marks, bargap: 0.03 },
    summary: options.summary ?? summary };
}
