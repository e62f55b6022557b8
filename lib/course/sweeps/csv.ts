/** The numbers of a sweep as CSV, for pandas, R and spreadsheets. */
import { type CellNumber, namesOf, type Point, type SweepFigure, type Trace } from './collect';

/**
 * The long form: one line for each recorded number and each number of a curve or a bar chart, after
 * the values of its point. Heatmaps are only in the JSON. A failed point has its failure in every
 * line, and at least one line.
 */
export function asCsv(all: readonly Point[]): string {
  const names = valueNames(all);
  const lines = all.flatMap((point) => {
    const start = [...names.map((name) => point.values[name] ?? ''), point.failure ?? ''];
    const own = [...figureLines(point), ...numberLines(point.numbers)];
    const shown = own.length === 0 && point.failure !== undefined ? [['', '', '', '']] : own;
    return shown.map((line) => [...start, ...line]);
  });
  return csvText([[...names, 'failure', 'cell', 'series', 'x', 'y'], ...lines]);
}

/**
 * The wide form of the recorded numbers: one line for each point, one column for each number, with
 * the values of the point and its failure, if it failed, before them.
 */
export function numbersAsCsv(all: readonly Point[]): string {
  const names = valueNames(all);
  const units = new Map<string, Set<string>>();
  const byName = all.map(({ numbers }) => {
    const keys = namesOf(numbers);
    numbers.forEach(({ unit }, i) => {
      units.set(keys[i]!, (units.get(keys[i]!) ?? new Set()).add(unit));
    });
    return new Map(numbers.map(({ value }, i) => [keys[i]!, value]));
  });
  const columns = [...units.keys()];
  const titles = [...units].map(([column, all]) => {
    const [unit] = all;
    return unit && all.size === 1 ? `${column} (${unit})` : column; // such as "of 167", "of 177"
  });
  const lines = all.map(({ values, failure }, i) => [
    ...names.map((name) => values[name] ?? ''),
    failure ?? '',
    ...columns.map((column) => byName[i]!.get(column) ?? ''),
  ]);
  return csvText([[...names, 'failure', ...titles], ...lines]);
}

const valueNames = (all: readonly Point[]): string[] => [
  ...new Set(all.flatMap(({ values }) => Object.keys(values))),
];

function figureLines({ figures }: Point): unknown[][] {
  return Object.entries(figures).flatMap(([cell, { data, layout }]) =>
    data.filter(({ z }) => z === undefined).flatMap((trace) =>
      (trace.y ?? []).map((
        value,
        i,
      ) => [cell, trace.name ?? '', placeOf(trace, i, layout), value])
    )
  );
}

const numberLines = (numbers: readonly CellNumber[]): unknown[][] =>
  numbers.map(({ cell, value }, i) => [cell, namesOf(numbers)[i], '', value]);

/** The x of a number, or the word that the axis has there. */
function placeOf({ x, xaxis = 'x' }: Trace, i: number, layout: SweepFigure['layout']): unknown {
  const at = x?.[i] ?? i;
  const axis = layout[xaxis.replace('x', 'xaxis')] as
    | { type?: string; tickvals?: unknown[]; ticktext?: unknown[] }
    | undefined;
  if (axis?.type === 'log') return at; // its texts are numbers with commas
  return axis?.ticktext?.[axis.tickvals?.indexOf(at) ?? -1] ?? at;
}

function csvText(lines: readonly (readonly unknown[])[]): string {
  return lines.map((line) => `${line.map(csvField).join(',')}\n`).join('');
}

function csvField(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
