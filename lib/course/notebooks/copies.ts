/** Copies of notebooks that were run with other values, or failed: their names and their marks. */
import { createHash } from 'node:crypto';
import type { Notebook } from './notebook';

/** Values of parameters by name. */
export type Values = Readonly<Record<string, unknown>>;

/**
 * The file name of a copy: `16.3-x.ipynb` with `{ steps: 40 }` is `16.3-x--steps=40.ipynb`, so
 * that a run with other values does not overwrite it. Where values hold characters that a file name
 * may not, or are long, a checksum keeps them apart.
 */
export function copyName(name: string, values: Values = {}, failed = false): string {
  const text = Object.entries(values).map(([key, value]) => `${key}=${asText(value)}`).join(',');
  const plain = text.replace(/[^\w.,=+-]+/g, '_').slice(0, 80);
  const checksum = plain === text
    ? ''
    : `-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
  const suffix = text === '' ? '' : `--${plain}${checksum}`;
  return name.replace(/\.ipynb$/, `${suffix}${failed ? '--failed' : ''}.ipynb`);
}

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** The notebook with the values that it was run with: in its metadata, and under its first cell. */
export function markCopy(notebook: Notebook, values: Values): Notebook {
  const source = `> This copy was run with other parameters: ${codeSpan(JSON.stringify(values))}. `
    + 'The cell of the parameters shows the usual ones.';
  const [first, ...rest] = notebook.cells;
  if (first === undefined) return notebook;
  return {
    ...notebook,
    cells: [first, { cell_type: 'markdown', id: 'run-with', metadata: {}, source }, ...rest],
    metadata: { ...notebook.metadata, course: { parameters: values } },
  };
}

/** `text` as code in Markdown, whatever it holds. */
function codeSpan(text: string): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(runs.reduce((most, length) => Math.max(most, length), 0) + 1);
  return `${fence} ${text} ${fence}`;
}
