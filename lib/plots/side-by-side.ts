import { check, checkInteger } from '../base/checks';
import { asSpec, checkKnown, type Figure, greatest, type Json, type Known, sharedLayout,
  type Spec } from './figure';
import { fitLabels } from './bar-labels';
import { ink } from './palette';

export interface RowOptions {
  title?: string;
  /** One sentence about all figures. Default: the summaries of the figures, one after the other. */
  summary?: string;
  /** Height in pixels. */
  height?: number;
}

const OPTIONS: Known<RowOptions> = { title: true, summary: true, height: true };

/**
 * Figures side by side in one picture, each under its own title; series of the same name share one
 * legend entry.
 * @throws RangeError if there are no figures, or for an unknown option
 */
export function row(given: readonly Figure[], options: RowOptions = {}): Figure {
  checkKnown('option', options, OPTIONS);
  checkInteger('the number of figures', given.length, { from: 1 });
  const slid = given.filter(({ layout }) => 'sliders' in layout);
  check(slid.length === 0, 'figures side by side', 'without sliders', slid.length);
  const gap = gapFor(given);
  const width = (1 - gap * (given.length - 1)) / given.length;
  const figures = shareTop(given.map((one) => fitLabels(one, width)));
  const seen = new Set<Json>();
  const data: Spec[] = [];
  const annotations: Spec[] = [];
  const axes: Spec = {};

  figures.forEach((one, index) => {
    const from = index * (width + gap);
    const n = index === 0 ? '' : String(index + 1);
    const place: Spec = { domain: [from, from + width], anchor: `y${n}` };
    axes[`xaxis${n}`] = { ...shareScale('x', one, figures[0]), ...place };
    axes[`yaxis${n}`] = {
      ...shareScale('y', one, figures[0]),
      anchor: `x${n}`,
      ...(repeatsNames(one, figures[0]) ? { showticklabels: false, ticks: '' } : {}),
    };
    const title = asSpec(one.layout['title'])['text'];
    if (typeof title === 'string') annotations.push(heading(title, from + width / 2));
    for (const trace of one.data) {
      const legend = one.layout['showlegend'] === true && !seen.has(trace['name'] ?? null);
      if (legend) seen.add(trace['name'] ?? null);
      data.push({
        ...withoutScale(trace, figures.length),
        xaxis: `x${n}`,
        yaxis: `y${n}`,
        showlegend: legend,
        legendgroup: trace['name'] ?? '',
      });
    }
  });
  const legendRoom = seen.size > 0 ? 40 : 0; // below the titles of the axes
  // The mode bar stands above the headings, whether there is a title beside it or not.
  const barRoom = options.title === undefined ? 26 : 0;
  const height = options.height
    ?? greatest(figures.map(({ layout }) => Number(layout['height']))) + legendRoom + barRoom;
  const first = figures[0]?.layout ?? {};
  const shared = sharedLayout({ ...options, height }, seen.size > 0);
  const layout: Spec = {
    ...shared,
    margin: { ...asSpec(shared['margin']), t: 66, b: seen.size > 0 ? 110 : 60 },
    showlegend: seen.size > 0,
    legend: { orientation: 'h', x: 0, y: -0.3, xanchor: 'left', yanchor: 'top' },
    barmode: 'group',
    bargap: first['bargap'] ?? 0.25,
    annotations,
    ...axes,
  };
  return { data, layout,
    summary: options.summary ?? figures.map(({ summary }) => summary).join(' ') };
}

/**
 * The axis of `one`. If its title is that of the first figure's axis, it gets the same scale, so
 * that bars of equal height are equal numbers, and a vertical title is not repeated.
 */
function shareScale(letter: 'x' | 'y', one: Figure, first: Figure | undefined): Spec {
  const own = asSpec(one.layout[`${letter}axis`]);
  const model = asSpec(first?.layout[`${letter}axis`]);
  if (one === first || asSpec(own['title'])['text'] !== asSpec(model['title'])['text']) return own;
  const title = letter === 'y' ? { text: '' } : own['title'] ?? null;
  const hasNames = own['tickmode'] === 'array' && own['type'] !== 'log';
  return hasNames ? { ...own, title } : { ...own, title, matches: letter };
}

/** Gives bars on one scale the same room for their labels: that of the highest. */
function shareTop(figures: readonly Figure[]): Figure[] {
  const topOf = ({ layout }: Figure): number | undefined => {
    const top = asSpec(asSpec(layout['yaxis'])['autorangeoptions'])['include'];
    return typeof top === 'number' ? top : undefined;
  };
  const titleOf = ({ layout }: Figure): string =>
    JSON.stringify(asSpec(layout['yaxis'])['title'] ?? null);
  return figures.map((one) => {
    if (topOf(one) === undefined) return one;
    const alike = figures.filter((other) => titleOf(other) === titleOf(one));
    const include = greatest(alike.map((other) => topOf(other) ?? 0));
    const yaxis = { ...asSpec(one.layout['yaxis']), autorangeoptions: { include } };
    return { ...one, layout: { ...one.layout, yaxis } };
  });
}

/** Whether the rows of `one` have the names that the first figure already shows. */
function repeatsNames(one: Figure, first: Figure | undefined): boolean {
  const names = rowNames(one);
  return one !== first && first !== undefined && names.length > 0
    && names.join('\n') === rowNames(first).join('\n');
}

function rowNames({ layout }: Figure): string[] {
  const names = asSpec(layout['yaxis'])['ticktext'];
  return Array.isArray(names) ? names.map(String) : [];
}

/**
 * The gap between two figures as a share of the width: room for the names of rows, at about 7
 * pixels a letter on a page of 700.
 */
function gapFor(figures: readonly Figure[]): number {
  const later = figures.slice(1).filter((one) => !repeatsNames(one, figures[0]));
  if (figures.length > 1 && later.length === 0) return 0.04;
  const letters = greatest(later.flatMap(rowNames).map(({ length }) => length), 0);
  return Math.min(0.25, Math.max(figures.length === 2 ? 0.12 : 0.08, 0.04 + letters / 100));
}

function heading(text: string, x: number): Spec {
  return {
    text,
    x,
    y: 1.02,
    xref: 'paper',
    yref: 'paper',
    xanchor: 'center',
    yanchor: 'bottom',
    showarrow: false,
    font: { color: ink, size: 14 },
  };
}

/** Several heatmaps have no colour bars, which would cover the figure beside them. */
function withoutScale(trace: Spec, count: number): Spec {
  return trace['type'] === 'heatmap' && count > 1 ? { ...trace, showscale: false } : trace;
}
