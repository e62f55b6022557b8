/** What the executed notebooks of a sweep show: their figures by cell, as data. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PLOTLY } from '../../plots/show';
import type { Values } from '../notebooks/copies';
import { isCode, type Notebook, type Output, readNotebook, type Text,
  textOf } from '../notebooks/notebook';

/** A figure as plotly takes it, and its sentence. */
export interface SweepFigure {
  readonly data: readonly Trace[];
  readonly layout: Record<string, unknown>;
  readonly summary: string;
}

/** A trace of plotly's; of its many fields, those that are read here. */
export interface Trace {
  readonly name?: string;
  readonly x?: readonly unknown[];
  readonly y?: readonly unknown[];
  /** The name of its axis, such as `x2`. */
  readonly xaxis?: string;
  /** A heatmap has it, and labels in `x` and `y`. */
  readonly z?: unknown;
}

/** A point of the sweep, as it was run. */
export interface Point {
  readonly values: Values;
  /** The file name of the executed notebook. */
  readonly notebook: string;
  /** What ended it, if it failed. */
  readonly failure?: string;
  /** By cell id; further figures of a cell have `-2`, `-3` and so on after it. */
  readonly figures: Readonly<Record<string, SweepFigure>>;
}

/** The points of the notebooks in `folder`, by the names of their files. */
export function collect(
  folder: string,
  names: readonly string[] = readdirSync(folder).filter((name) => name.endsWith('.ipynb')).sort(),
): Point[] {
  return names.map((name) => pointOf(name, readNotebook(join(folder, name))));
}

function pointOf(name: string, notebook: Notebook): Point {
  const { course, papermill } = notebook.metadata as Record<
    string,
    { parameters?: Values; failure?: string }
  >;
  const values = course?.parameters ?? papermill?.parameters ?? {};
  const code = notebook.cells.filter(isCode);
  const figures = code.flatMap(({ id, outputs }) =>
    outputs.flatMap(figureOf).map((
      figure,
      i,
    ) => [i === 0 ? id : `${id}-${i + 1}`, figure] as const)
  );
  const failed = code.flatMap(({ id, outputs }) =>
    outputs.flatMap((output) =>
      output.output_type === 'error' ? [`cell ${id}: ${output.ename}: ${output.evalue}`] : []
    )
  );
  // A run can also end without an error of a cell: in a kernel that did not start, or died.
  const failure = failed[0] ?? course?.failure;
  return { values, notebook: name, ...(failure !== undefined && { failure }),
    figures: failure === undefined ? Object.fromEntries(figures) : {} };
}

function figureOf(output: Output): SweepFigure[] {
  if (!('data' in output) || !(PLOTLY in output.data)) return [];
  const { data, layout } = output.data[PLOTLY] as Omit<SweepFigure, 'summary'>;
  const summary = textOf((output.data['text/plain'] ?? '') as Text);
  return [{ data, layout, summary }];
}

/**
 * One line for each number of a curve or a bar chart, and the values of its point before it: the
 * long form that pandas, R and spreadsheets group and plot. Heatmaps are only in the JSON.
 */
export function asCsv(all: readonly Point[]): string {
  const names = [...new Set(all.flatMap(({ values }) => Object.keys(values)))];
  const lines = all.flatMap(({ values, failure, figures }) => {
    const point = names.map((name) => values[name] ?? '');
    if (failure !== undefined) return [[...point, 'failed', failure, '', '']];
    return Object.entries(figures).flatMap(([cell, { data, layout }]) =>
      data.filter(({ z }) => z === undefined).flatMap((trace) =>
        (trace.y ?? []).map((
          value,
          i,
        ) => [...point, cell, trace.name ?? '', placeOf(trace, i, layout), value])
      )
    );
  });
  return [[...names, 'cell', 'series', 'x', 'y'], ...lines].map((line) =>
    `${line.map(csvField).join(',')}\n`
  ).join('');
}

/** The x of a number, or the word that the axis has there. */
function placeOf({ x, xaxis = 'x' }: Trace, i: number, layout: SweepFigure['layout']): unknown {
  const at = x?.[i] ?? i;
  const axis = layout[xaxis.replace('x', 'xaxis')] as
    | { tickvals?: unknown[]; ticktext?: unknown[] }
    | undefined;
  return axis?.ticktext?.[axis.tickvals?.indexOf(at) ?? -1] ?? at;
}

function csvField(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
