import { bars } from './bars';
import type { Figure, FigureOptions, Numbers } from './figure';
import type { Role } from './palette';
import { say } from './words';

export interface HistogramOptions extends FigureOptions {
  /** How many bins of equal width; 20 if left out. */
  bins?: number;
  color?: Role;
}

/**
 * How often values fall into each of `bins` equal intervals. Counted here, so that the numbers are
 * in the figure.
 * @throws RangeError if no value is finite
 */
export function histogram(values: Numbers, { bins = 20, ...options }: HistogramOptions): Figure {
  const known = Array.from(values).filter(Number.isFinite).sort((a, b) => a - b);
  const [low, high, median] = [known[0], known[known.length - 1], known[known.length >> 1]];
  if (low === undefined || high === undefined || median === undefined) {
    throw new RangeError(
      `a histogram needs at least one finite value, got ${values.length} values, none finite`,
    );
  }
  const width = (high - low) / bins || 1;
  const counts = new Array<number>(bins).fill(0);
  for (const value of known) {
    const bin = Math.min(bins - 1, Math.floor((value - low) / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const labels = counts.map((_, i) => say(low + (i + 0.5) * width));
  const built = bars(labels, counts, { showValues: false, ...options, percent: false });
  const summary = `${known.length} values from ${say(low)} to ${say(high)}, half of them below ${
    say(median)
  }.`;
  return { ...built, layout: { ...built.layout, bargap: 0.03 },
    summary: options.summary ?? summary };
}
