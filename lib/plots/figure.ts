/**
 * A figure as plain data: traces and a layout in Plotly's JSON, and one sentence that describes the
 * picture. Nothing is drawn here; notebooks and tests read the same object.
 */
import { check, checkNames } from '../base/checks';
import { markup } from './markup';
import { grid, ink, paper } from './palette';

/** A value that JSON can hold. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Part of a Plotly figure: a trace, a layout, an axis. */
export type Spec = { [key: string]: Json };

/** Any row of numbers, typed or not. */
export type Numbers = ArrayLike<number>;

/**
 * The argument of `show`. `summary` is the plot in words: one sentence that works without the
 * picture.
 */
export interface Figure {
  data: Spec[];
  layout: Spec;
  summary: string;
}

/** Options of all figures. */
export interface FigureOptions {
  /** What the horizontal axis measures, with its unit. */
  xTitle: string;
  /** What the vertical axis measures, with its unit. */
  yTitle: string;
  title?: string;
  /** A smaller line under the title. */
  subtitle?: string;
  /** One sentence that describes the picture; built from the numbers if left out. */
  summary?: string;
  /** Height in pixels. */
  height?: number;
  /** Values are shares of 1, shown in percent: 0.18 as 18 %. */
  percent?: boolean;
}

/** The names of all options, or of all fields of a series: what else is given is refused. */
export type Known<T> = Readonly<Record<keyof Required<T>, true>>;

export const FIGURE_OPTIONS: Known<FigureOptions> = { xTitle: true, yTitle: true, title: true,
  subtitle: true, summary: true, height: true, percent: true };

/** @throws RangeError such as "unknown option colour; known are xTitle, yTitle, color" */
export function checkKnown<T extends object>(kind: string, given: T, known: Known<T>): void {
  checkNames(kind, given, Object.keys(known));
}

/** The greatest of `values` and `least`. A loop: a call takes only so many arguments. */
export function greatest(values: Iterable<number>, least = -Infinity): number {
  let most = least;
  for (const value of values) if (value > most) most = value;
  return most;
}

/** `values` as an array for JSON: a number that is not finite becomes null, a gap in the plot. */
export function plain(values: Numbers): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : null));
}

/** `value` if it is an object, else an empty object. */
export function asSpec(value: Json | undefined): Spec {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** `value` if it is a text, else an empty one. */
export function asText(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The axes of a layout with their names, such as `xaxis2`; of one letter, if it is given. */
export function axesOf(layout: Spec, letters = 'xy'): [name: string, axis: Spec][] {
  return Object.entries(layout).filter(([name]) =>
    /^[xy]axis\d*$/.test(name) && letters.includes(name[0]!)
  ).map(([name, axis]) => [name, asSpec(axis)]);
}

/**
 * Checks that there is one of `items` for each thing that they belong to.
 * @throws RangeError such as "the number of hidden states must be 2, one for each token, got 1"
 */
export function checkCount(items: string, came: number, wanted: number, each: string): void {
  check(came === wanted, `the number of ${items}`, `${wanted}, one for each ${each}`, came);
}

/**
 * An axis in the course's style. Its margin grows with its labels, so that none touches the title.
 */
export function axis(title: string, more: Spec = {}): Spec {
  return {
    title: { text: markup(title), standoff: 10 },
    automargin: true,
    autotickangles: [0, 90], // words that do not fit side by side stand upright, never slanted
    color: ink,
    gridcolor: grid,
    zerolinecolor: grid,
    linecolor: ink,
    ...more,
  };
}

/** Options of figures with an axis of numbers. */
export interface ScaleOptions {
  /** Upper end of an axis of shares, which otherwise runs from 0 to 1. */
  top?: number;
}

/**
 * The range of an axis of shares: 0 to 1, or to `top`, so that equal heights are equal shares in
 * all figures; `room` is left beyond both ends for markers and labels. None if a value is outside.
 */
export function shareAxis(values: Iterable<number>, top = 1, room: [number, number]): Spec {
  const all = [...values].filter(Number.isFinite);
  if (all.length === 0 || all.some((value) => value < 0 || value > top * 1.0001)) return {};
  return { range: [0 - room[0] * top, (1 + room[1]) * top], ...(top === 1 ? { dtick: 0.2 } : {}) };
}

/** Ticks of large numbers as `20,000`, whose digits are all of one size; of small ones as 10⁻⁴. */
export function exponents(values: Iterable<number>): Spec {
  const isLarge = [...values].some((value) => Number.isFinite(value) && Math.abs(value) >= 1000);
  return isLarge
    ? { exponentformat: 'none', separatethousands: true }
    : { exponentformat: 'power' };
}

/** Plotly's number formats for ticks, for hover texts and for labels in the plot. */
export function formats(percent = false): { tick: Spec; hover: string; label: string } {
  return percent
    ? { tick: { tickformat: '.0%' }, hover: '.2%', label: '.0%' }
    : { tick: {}, hover: '.4~g', label: '.3~g' };
}

/**
 * A figure of traces and axes, with the layout that all figures share: dark type on white, legible
 * on any page. `options.summary` replaces `summary`.
 */
export function buildFigure(
  data: Spec[],
  options: FigureOptions,
  layout: Spec,
  summary: string,
): Figure {
  const legend = layout['showlegend'] === true;
  return {
    data,
    layout: { ...sharedLayout(options, legend), ...layout },
    summary: options.summary ?? summary,
  };
}

/**
 * The layout that every figure starts from: the title at the left, the legend below it, and the
 * plot below that. `height` in pixels; the width is that of the page.
 */
export function sharedLayout(
  { title: words, subtitle, height = 360 }: Pick<FigureOptions, 'title' | 'subtitle' | 'height'>,
  legend: boolean,
): Spec {
  const title = [
    ...(words === undefined ? [] : [markup(words)]),
    ...(subtitle === undefined ? [] : [`<sub>${markup(subtitle)}</sub>`]),
  ].join('<br>');
  const titleLines = title === '' ? 0 : title.split('<br>').length;
  return {
    ...(title === '' ? {} : {
      title: {
        text: title,
        font: { size: 15 },
        x: 0.01,
        xanchor: 'left',
        y: 1,
        yanchor: 'top',
        pad: { t: titleLines > 1 ? 28 : 12 },
      },
    }),
    autosize: true,
    height,
    margin: { l: 60, r: 30, t: 20 + 22 * titleLines + (legend ? 24 : 0), b: 60 },
    paper_bgcolor: paper,
    plot_bgcolor: paper,
    font: { color: ink, size: 13 },
    hoverlabel: { bgcolor: paper, bordercolor: ink, font: { color: ink, size: 13 } },
    modebar: { bgcolor: 'rgba(0,0,0,0)', color: ink, activecolor: ink },
    // anchored below the title, so that a second row of names moves the plot down and does not
    // cover the title
    legend: {
      orientation: 'h',
      x: 0,
      y: 1 - (14 + 22 * titleLines) / height,
      yref: 'container',
      xanchor: 'left',
      yanchor: 'top',
    },
  };
}
