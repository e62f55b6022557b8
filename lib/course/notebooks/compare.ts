/** Compares the outputs of a run with those that are committed. */
import { PLOTLY } from '../../plots/show';
import { type CodeCell, hasTag, isCode, type Notebook, type Output, sortKeys, type Text,
  textOf } from './notebook';

/** One cell whose outputs are not the committed ones. */
export interface Difference {
  cell: string;
  /** The first line that differs. */
  committed: string;
  now: string;
}

/**
 * The tag of cells that measure time: their numbers may change, but not the kinds of their outputs.
 */
const TIMING = 'timing';

/**
 * The cells of `now` whose outputs or counts differ from `committed`: texts and plotted numbers are
 * compared exactly, still pictures not at all, because they depend only on the numbers. Of a cell
 * tagged `timing` only the kinds of outputs are compared.
 */
export function compare(committed: Notebook, now: Notebook): Difference[] {
  const before = new Map(committed.cells.filter(isCode).map((cell) => [cell.id, cell]));
  return now.cells.filter(isCode).flatMap((cell) => {
    const old = before.get(cell.id);
    const difference = firstDifference(old ? linesOf(old) : [], linesOf(cell));
    return difference ? [{ cell: cell.id, ...difference }] : [];
  });
}

/** The differences as text: which notebook, which cell, and the first line of each. */
export function report(notebook: string, differences: readonly Difference[]): string {
  return differences.map(({ cell, committed, now }) =>
    `${notebook}, cell ${cell}:\n  committed: ${shorten(committed)}\n  now:       ${shorten(now)}`
  ).join('\n');
}

/** The parts of a cell that are compared, as lines of text. */
function linesOf(cell: CodeCell): string[] {
  const outputs = hasTag(cell, TIMING) ? cell.outputs.map(kindOf) : cell.outputs.flatMap(contentOf);
  return [`[${cell.execution_count ?? ' '}]`, ...outputs];
}

function kindOf(output: Output): string {
  if (output.output_type === 'stream') return `text on ${output.name}`;
  if (output.output_type === 'error') return `error ${output.ename}`;
  const traces = (output.data[PLOTLY] as { data?: unknown[] } | undefined)?.data?.length;
  return `display of ${mimes(output.data).join(', ')}${
    traces === undefined ? '' : ` with ${traces} traces`
  }`;
}

function contentOf(output: Output): string[] {
  if (output.output_type === 'stream')
    return [`text on ${output.name}`, ...textOf(output.text).split('\n')];
  if (output.output_type === 'error') return [`error ${output.ename}: ${output.evalue}`];
  return mimes(output.data).flatMap((mime) => {
    const content = output.data[mime];
    const text = mime.startsWith('text/')
      ? textOf(content as Text)
      : JSON.stringify(sortKeys(content), null, 1);
    return [mime, ...text.split('\n')];
  });
}

function mimes(data: Record<string, unknown>): string[] {
  return Object.keys(data).filter((mime) => mime !== 'image/png').sort();
}

function firstDifference(
  committed: readonly string[],
  now: readonly string[],
): Omit<Difference, 'cell'> | undefined {
  for (let i = 0; i < Math.max(committed.length, now.length); i++) {
    if (committed[i] !== now[i])
      return { committed: committed[i] ?? '(nothing)', now: now[i] ?? '(nothing)' };
  }
  return undefined;
}

function shorten(line: string): string {
  return line.length > 200 ? `${line.slice(0, 200)} …` : line;
}
