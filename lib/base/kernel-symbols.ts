/**
 * What the course's kernel leaves on `process` for the library, under well-known symbols. In plain
 * Node neither is there.
 */

/**
 * `process[CELL_STORAGE]` is an AsyncLocalStorage of this: the cell that the running code belongs
 * to.
 */
export const CELL_STORAGE = Symbol.for('course.cell');

/** A cell that runs. */
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
