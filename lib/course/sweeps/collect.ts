/** What the executed notebooks of a sweep show: figures by cell, and the recorded numbers. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { NUMBER_MIME, type RecordedNumber } from '../../plots/record';
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

/** A number that a cell recorded. */
export interface CellNumber extends RecordedNumber {
  readonly cell: string;
}

/** A point of the sweep, as it was run. */
export interface Point {
  readonly values: Values;
  /** The file name of the executed notebook. */
  readonly notebook: string;
  /** What ended it, if it failed. The cells before that may have shown figures and numbers. */
  readonly failure?: string;
  /** By cell id; further figures of a cell have `-2`, `-3` and so on after it. */
  readonly figures: Readonly<Record<string, SweepFigure>>;
  /** In the order of the notebook. */
  readonly numbers: readonly CellNumber[];
}

/** 2 before 10, on every machine. */
const { compare } = new Intl.Collator('en', { numeric: true });

/** The points of the notebooks in `folder`, by the names of their files. */
export function collect(
  folder: string,
  names: readonly string[] = readdirSync(folder).filter((name) => name.endsWith('.ipynb')).sort(
    compare,
  ),
): Point[] {
  return names.map((name) => pointOf(name, readNotebook(join(folder, name))));
}

/** What sweeps and papermill write into the metadata of an executed notebook. */
interface RunMetadata {
  course?: { parameters?: Values; failure?: string };
  papermill?: { parameters?: Values; end_time?: string | null };
}

/** What ended the run of this notebook before its end. Undefined if it ran to its end. */
export function failureOf({ cells, metadata }: Notebook): string | undefined {
  const { course, papermill } = metadata as RunMetadata;
  const code = cells.filter(isCode);
  for (const { id, outputs } of code) {
    for (const output of outputs)
      if (output.output_type === 'error') return `cell ${id}: ${output.ename}: ${output.evalue}`;
  }
  // A run can also end without an error of a cell: in a kernel that did not start, or died.
  if (course?.failure !== undefined) return course.failure;
  // papermill saves after every cell: a run that was killed has left what it had until then
  if (papermill === undefined || papermill.end_time) return undefined;
  const next = code.find(({ execution_count: count }) => count === null);
  return `papermill was ended before cell ${next?.id ?? 'the last'} was done`;
}

function pointOf(name: string, notebook: Notebook): Point {
  const { course, papermill } = notebook.metadata as RunMetadata;
  const values = course?.parameters ?? papermill?.parameters ?? {};
  const code = notebook.cells.filter(isCode);
  const figures = code.flatMap(({ id, outputs }) =>
    outputs.flatMap(figureOf).map((
      figure,
      i,
    ) => [i === 0 ? id : `${id}-${i + 1}`, figure] as const)
  );
  const numbers = code.flatMap(({ id, outputs }) =>
    outputs.flatMap(numberOf).map((number) => ({ cell: id, ...number }))
  );
  const failure = failureOf(notebook);
  return { values, notebook: name, ...(failure !== undefined && { failure }),
    figures: Object.fromEntries(figures), numbers };
}

function figureOf(output: Output): SweepFigure[] {
  if (!('data' in output) || !(PLOTLY in output.data)) return [];
  const { data, layout } = output.data[PLOTLY] as Omit<SweepFigure, 'summary'>;
  const summary = textOf((output.data['text/plain'] ?? '') as Text);
  return [{ data, layout, summary }];
}

function numberOf(output: Output): RecordedNumber[] {
  return 'data' in output && NUMBER_MIME in output.data
    ? [output.data[NUMBER_MIME] as RecordedNumber]
    : [];
}

/**
 * A key for each number of a point, such as `loss`; where a notebook records several numbers by one
 * name, the later ones have `(2)`, `(3)` and so on after it.
 */
export function namesOf(numbers: readonly CellNumber[]): string[] {
  const names = numbers.map(({ name }) => name);
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}
