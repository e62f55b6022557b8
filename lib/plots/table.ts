import { notebook } from './show';

/**
 * Shows a table under the running cell: `columns` are its headings, each row has as many texts.
 * Notebooks draw it as a table; its text form, and what plain Node prints, is the same in columns
 * of even width.
 * @throws RangeError if a row has another length than the headings
 */
export function showTable(columns: readonly string[], rows: readonly (readonly string[])[]): void {
  const text = textTable(columns, rows);
  const way = notebook();
  if (way) way.display({ 'text/markdown': markdownTable(columns, rows), 'text/plain': text });
  else console.log(text);
}

/** The table as aligned text, one line a row, a rule under the headings. */
export function textTable(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  for (const row of rows) {
    if (row.length !== columns.length)
      throw new RangeError(
        `a row of this table has ${columns.length} cells, got ${row.length}: ${row.join(', ')}`,
      );
  }
  const widths = columns.map((heading, c) =>
    Math.max(...[heading, ...rows.map((row) => row[c]!)].map((cell) => cell.length))
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, c) => cell.padEnd(widths[c]!)).join('  ').trimEnd();
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join(
    '\n',
  );
}

function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/([|\\<*_])/g, '\\$1')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')).replace(/\\/g, ''), ...rows.map(line)].join(
    '\n',
  );
}
