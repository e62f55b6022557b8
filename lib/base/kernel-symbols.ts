/**
 * What the course's kernel puts on `process` for the library, under two well-known symbols. Plain
 * Node has neither.
 */

/**
 * `process[CELL_STORAGE]` is an AsyncLocalStorage that holds the {@link Cell} of the running code.
 */
export const CELL_STORAGE = Symbol.for('course.cell');

/** A running cell. */
export interface Cell {
  /** Aborted when the reader interrupts the cell. */
  readonly signal: AbortSignal;
}

/** `process[DISPLAY_SYMBOL]` is a {@link Display}. */
export const DISPLAY_SYMBOL = Symbol.for('course.display');

/** Shows outputs under the running cell. A bundle maps MIME types to content. */
export interface Display {
  /** With an id the output can be updated. */
  display(bundle: Record<string, unknown>, displayId?: string): void;
  /** Replaces every output that was displayed with this id. */
  update(bundle: Record<string, unknown>, displayId: string): void;
}
