/**
 * A figure is plain data: traces and a layout as Plotly's JSON, and one sentence that says what to
 * see. Nothing here draws; a notebook, the page and a test all read the same object.
 */
import { grid, ink } from './palette';

/** A value that JSON can hold. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Part of a Plotly figure: a trace, a layout, an axis. */
export type Spec = { [key: string]: Json };

/** Any row of numbers, typed or not. */
export type Numbers = ArrayLike<number>;

/** What `show` takes. `summary` works without the picture; it is the text form of the plot. */
export interface Figure {
  data: Spec[];
  layout: Spec;
  summary: string;
}

/** What every builder asks for: axis titles always, the rest where it helps. */
export interface FigureOptions {
  /** What the horizontal axis measures, with its unit. */
  xTitle: string;
  /** What the vertical axis measures, with its unit. */
  yTitle: string;
  title?: string;
  /** One sentence that says what to see; built from the numbers if left out. */
  summary?: string;
  /** Height in pixels. */
  height?: number;
  /** Values are shares of 1: write 0.18 as 18 %. */
  percent?: boolean;
}

/**
 * `values` as a plain array, ready for JSON: a number that is not finite becomes null (a gap in the
 * plot).
 */
export function plain(values: Numbers): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : null));
}

/** The part of a figure that `value` is, or an empty one where it is none. */
export function asSpec(value: Json | undefined): Spec {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** Throws if two rows that belong together differ in length. */
export function sameLength(what: string, wanted: number, got: number): void {
  if (wanted !== got)
    throw new RangeError(`${what}: wanted ${wanted} values, one for each label, got ${got}`);
}

/**
 * An axis in the course's style. Its margin grows with its labels, and the title keeps its distance
 * from them.
 */
export function axis(title: string, more: Spec = {}): Spec {
  return {
    title: { text: title, standoff: 10 },
    automargin: true,
    color: ink,
    gridcolor: grid,
    zerolinecolor: grid,
    linecolor: ink,
    ...more,
  };
}

/** Plotly's number format for ticks and for hover labels. */
export function formats(percent = false): { tick: Spec; hover: string; label: string } {
  return percent
    ? { tick: { tickformat: '.0%' }, hover: '.2%', label: '.0%' }
    : { tick: {}, hover: '.4~g', label: '.3~g' };
}

/**
 * Puts traces and axes together with what all figures share: transparent paper and grey type, so
 * that a figure is legible on a light page and on a dark one.
 */
export function figure(
  data: Spec[],
  options: FigureOptions,
  layout: Spec,
  summary: string,
): Figure {
  const legend = layout['showlegend'] === true;
  return {
    data,
    layout: { ...sharedLayout(options.title, legend, options.height), ...layout },
    summary: options.summary ?? summary,
  };
}

/**
 * The layout that every figure starts from: the title at the left, under it the legend, under it
 * the plot. `height` in pixels; the width follows the page.
 */
export function sharedLayout(title: string | undefined, legend: boolean, height = 360): Spec {
  const titleLines = title === undefined ? 0 : title.split('<br>').length;
  return {
    ...(title === undefined ? {} : {
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
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: { color: ink, size: 13 },
    modebar: { bgcolor: 'rgba(0,0,0,0)', color: ink },
    // hangs from the title, so that a second row of it pushes the plot down instead of covering the
    // title
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
