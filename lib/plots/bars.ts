import { axis, buildFigure, checkCount, checkKnown, exponents, type Figure, FIGURE_OPTIONS,
  type FigureOptions, formats, greatest, type Known, type Numbers, plain, type ScaleOptions,
  shareAxis, type Spec } from './figure';
import { fitLabels } from './bar-labels';
import { hoverName, markup, oneLine } from './markup';
import { colorOf, looksOf, palette, type Role } from './palette';
import { formatNumber, largest } from './summary-words';

/** One set of bars among several over the same labels. */
export interface BarSeries {
  name: string;
  values: Numbers;
  color?: Role;
}

export interface BarOptions extends FigureOptions, ScaleOptions {
  /** Horizontal bars, the first label on top: best for words. */
  horizontal?: boolean;
  /**
   * The label (or its index, where labels repeat) to highlight; all others are muted. For a single
   * set of bars.
   */
  highlight?: string | number;
  /** Colour of a single set of bars, or one colour for each bar. */
  color?: Role | readonly Role[];
  /**
   * Write each value at its bar, if the bars are wide enough for readable text. Default: up to 24
   * bars.
   */
  showValues?: boolean;
}

const OPTIONS: Known<BarOptions> = { ...FIGURE_OPTIONS, horizontal: true, highlight: true,
  color: true, showValues: true, top: true };
const SERIES: Known<BarSeries> = { name: true, values: true, color: true };

/** The ways of filling a bar in one colour; the first is plain. */
const PATTERNS = ['', '/', 'x', '.', '-'];

/**
 * Bars for `values` [n] over `labels` [n]; or several sets side by side, such as the same words
 * under two distributions. Labels may repeat: each bar has its own place.
 * @throws RangeError if the length of a set differs from that of the labels, or for an unknown
 *   option
 */
export function bars(
  labels: readonly string[],
  values: Numbers | readonly BarSeries[],
  options: BarOptions,
): Figure {
  checkKnown('option', options, OPTIONS);
  const several = isSeries(values);
  if (several) { for (const set of values) checkKnown('field of a set', set, SERIES); }
  const sets: readonly BarSeries[] = several
    ? values
    : [{ name: options.title ?? options.yTitle, values }];
  const places = labels.map((_, i) => i);
  const format = formats(options.percent);
  const [along, across] = options.horizontal ? ['y', 'x'] as const : ['x', 'y'] as const;
  const withText = options.showValues ?? labels.length * sets.length <= 24;

  const looks = looksOf(sets.map(({ color }) => ({ role: color })), PATTERNS.length);
  const data = sets.map((set, index): Spec => {
    const { color, way } = looks[index]!;
    checkCount(`values of "${set.name}"`, set.values.length, labels.length, 'label');
    return {
      type: 'bar',
      name: markup(set.name),
      orientation: options.horizontal ? 'h' : 'v',
      [along]: places,
      [across]: plain(set.values),
      customdata: labels.map(markup),
      hovertemplate: `%{customdata}: %{${across}:${format.hover}}<extra>${
        several ? hoverName(set.name) : ''
      }</extra>`,
      marker: {
        color: several ? color : singleColors(labels, options),
        ...(way > 0 ? { pattern: { shape: PATTERNS[way]! } } : {}),
      },
      ...(withText
        ? { texttemplate: templates(set.values, `%{${across}:${format.label}}`, options.percent),
          textposition: 'outside', textangle: 0, constraintext: 'none', cliponaxis: false }
        : {}),
    };
  });

  const labelAxis: Spec = {
    tickmode: 'array',
    tickvals: places,
    ticktext: labels.map(markup),
    showgrid: false,
    zeroline: false,
    ...(options.horizontal ? { autorange: 'reversed' } : {}),
  };
  const all = sets.flatMap((set) => Array.from(set.values));
  const valueAxis: Spec = {
    ...format.tick,
    ...exponents(all),
    ...(options.percent
      ? { rangemode: 'tozero', ...shareAxis(all, options.top, [0, withText ? 0.08 : 0.02]) }
      : {}),
  };
  return fitLabels(buildFigure(data, options, {
    barmode: 'group',
    showlegend: several,
    bargap: 0.25,
    xaxis: axis(options.xTitle, options.horizontal ? valueAxis : labelAxis),
    yaxis: axis(options.yTitle, options.horizontal ? labelAxis : valueAxis),
  }, oneLine(describe(labels, sets, several, options.percent))));
}

/**
 * Plotly's template for the label of each bar. Beside larger bars a value that would round to zero,
 * or take many zeros, is only said to be small: the hover text has its digits.
 */
function templates(values: Numbers, template: string, percent?: boolean): string | string[] {
  const [floor, words] = percent ? [0.005, '&lt;1%'] : [0.001, '&lt;0.001'];
  const isSmall = (value: number): boolean => value !== 0 && Math.abs(value) < floor;
  const list = Array.from(values);
  if (!list.some(isSmall) || greatest(list.map(Math.abs)) < 10 * floor) return template;
  return list.map((value) => (isSmall(value) ? words : template));
}

function isSeries(values: Numbers | readonly BarSeries[]): values is readonly BarSeries[] {
  return Array.isArray(values) && typeof values[0] === 'object';
}

function singleColors(
  labels: readonly string[],
  { highlight, color = 'training' }: BarOptions,
): string | string[] {
  if (highlight !== undefined) {
    return labels.map((
      label,
      i,
    ) => (label === highlight || i === highlight ? palette.highlight : palette.muted));
  }
  return typeof color === 'string' ? colorOf(color) : color.map(colorOf);
}

function describe(
  labels: readonly string[],
  sets: readonly BarSeries[],
  several: boolean,
  percent?: boolean,
): string {
  if (!several) return `Highest: ${largest(labels, sets[0]?.values ?? [], percent)}.`;
  const highest = sets.map((set) => `in ${set.name}: ${largest(labels, set.values, percent, 1)}`)
    .join('; ');
  const [first, second] = sets;
  if (!first || !second || sets.length > 2) return `Highest ${highest}.`;
  const gaps = labels.map((_, i) => Math.abs((first.values[i] ?? NaN) - (second.values[i] ?? NaN)));
  const widest = gaps.reduce((best, gap, i) => (gap > (gaps[best] ?? -1) ? i : best), 0);
  const apart = `${formatNumber(first.values[widest] ?? NaN, percent)} against ${
    formatNumber(second.values[widest] ?? NaN, percent)
  }`;
  return `Highest ${highest}. Farthest apart: ${labels[widest]}, ${apart}.`;
}
