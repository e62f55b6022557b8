/** A broken rule, and where it is broken. */
export interface Finding {
  /** Path from the folder of package.json. */
  file: string;
  /** Id of the cell, in a notebook. */
  cell?: string;
  /** Counts from 1; inside the cell where there is one. */
  line?: number;
  message: string;
}

/** `lib/a.ts:3: message`, and for a cell `notebooks/a.ipynb, cell b, line 3: message`. */
export function lineOf({ file, cell, line, message }: Finding): string {
  if (cell === undefined) return `${file}${line === undefined ? '' : `:${line}`}: ${message}`;
  return `${file}, cell ${cell}${line === undefined ? '' : `, line ${line}`}: ${message}`;
}
