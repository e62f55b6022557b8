/** Notebook files: their shape, and reading and writing them without needless changes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeWholeSync } from '../../base/write-file';
import { root } from '../setup/paths.mjs';
import { Trouble } from '../setup/program.mjs';

/** Text as a notebook file holds it: one string, or one for each line. */
export type Text = string | string[];

/** One output of a code cell. */
export type Output =
  | { output_type: 'stream'; name: string; text: Text }
  | { output_type: 'error'; ename: string; evalue: string; traceback: string[] }
  | DisplayOutput;

/** An output by mime type: a plot in all its forms. */
export interface DisplayOutput {
  output_type: 'display_data' | 'execute_result';
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

interface CellBase {
  id: string;
  metadata: Record<string, unknown> & { tags?: string[] };
  source: Text;
}

export interface TextCell extends CellBase {
  cell_type: 'markdown' | 'raw';
}

export interface CodeCell extends CellBase {
  cell_type: 'code';
  execution_count: number | null;
  outputs: Output[];
}

export type Cell = TextCell | CodeCell;

/** A notebook of format 4.5. */
export interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
}

export function textOf(text: Text): string {
  return typeof text === 'string' ? text : text.join('');
}

export function isCode(cell: Cell): cell is CodeCell {
  return cell.cell_type === 'code';
}

export function hasTag(cell: Cell, tag: string): boolean {
  return cell.metadata.tags?.includes(tag) ?? false;
}

/**
 * The course's notebooks in reading order, or those whose file name begins with one of `wanted`
 * (such as `16.3`).
 * @throws Trouble if there is none that begins so
 */
export function findNotebooks(wanted: readonly string[] = []): string[] {
  const folder = join(root, 'notebooks');
  const names = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith('.ipynb')).sort()
    : [];
  const unknown = wanted.find((want) => !names.some((name) => name.startsWith(basename(want))));
  if (unknown !== undefined) {
    throw new Trouble(
      `No notebook begins with "${unknown}".`,
      `Name some of ${names.join(', ') || 'those in notebooks/, of which there are none'}.`,
    );
  }
  const chosen = names.filter((name) =>
    wanted.length === 0 || wanted.some((want) => name.startsWith(basename(want)))
  );
  return chosen.map((name) => join(folder, name));
}

/** @throws Error if the file is not a notebook with cell ids (format 4.5) */
export function readNotebook(file: string): Notebook {
  const notebook = JSON.parse(readFileSync(file, 'utf8')) as Notebook;
  if (
    notebook.nbformat !== 4 || !(notebook.nbformat_minor >= 5) || !Array.isArray(notebook.cells)
  ) {
    const found = `${notebook.nbformat}.${notebook.nbformat_minor}`;
    throw new Error(
      `${basename(file)} must be a notebook of format 4.5 or a later 4, got ${found}`,
    );
  }
  return notebook;
}

/**
 * Writes as JupyterLab does: keys sorted, one space of indentation, texts split into lines, a
 * newline at the end.
 * @throws Error if it cannot be written; then the old file is there as before
 */
export function writeNotebook(file: string, notebook: Notebook): void {
  writeWholeSync(file, notebookText(notebook));
}

export function notebookText(notebook: Notebook): string {
  const cells = notebook.cells.map((cell): Cell => {
    const source = splitLines(textOf(cell.source));
    return isCode(cell)
      ? { ...cell, source, outputs: cell.outputs.map(splitOutput) }
      : { ...cell, source };
  });
  return `${JSON.stringify(sortKeys({ ...notebook, cells }), null, 1)}\n`;
}

function splitOutput(output: Output): Output {
  if (output.output_type === 'stream') return { ...output, text: splitLines(textOf(output.text)) };
  if (output.output_type === 'error') return output;
  const data = Object.entries(output.data).map(([mime, content]) =>
    [mime, mime.startsWith('text/') ? splitLines(textOf(content as Text)) : content] as const
  );
  return { ...output, data: Object.fromEntries(data) };
}

/** The lines of a text, each with its newline. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The same value with the keys of every object sorted by code points, as Python does. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
