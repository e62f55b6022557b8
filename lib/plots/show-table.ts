import { checkCount, greatest } from './figure';
import { markdownCell, oneLine } from './markup';
import { notebookDisplay } from './show';

/**
 * Shows a table under the running cell: `columns` are its headings, and each row has as many texts.
 * The text form, which is printed in plain Node, has aligned columns.
 * @throws RangeError if a row does not have as many cells as there are columns
 */
export function showTable(columns: readonly string[], rows: readonly (readonly string[])[]): void {
  const text = textTable(columns, rows);
  const display = notebookDisplay();
  if (display)
    display.display({ 'text/markdown': markdownTable(columns, rows), 'text/plain': text });
  else console.log(text);
}

/** The table as text: one line a row, a rule under the headings. */
function textTable(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  for (const row of rows)
    checkCount(`cells in the row "${row.join(', ')}"`, row.length, columns.length, 'column');
  const widths = columns.map((heading, c) =>
    greatest([heading, ...rows.map((row) => row[c]!)].map((cell) => oneLine(cell).length))
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, c) => oneLine(cell).padEnd(widths[c]!)).join('  ').trimEnd();
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join(
    '\n',
  );
}

function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownCell).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join(
    '\n',
  );
}
