/**
 * What the course's kernel puts on `process` for the library, under three well-known symbols, which
 * plain Node has not; and what the library puts on the parameters of a notebook for the kernel.
 */
import type { Declaration } from './declaration';

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

/** `process[ANSWERS_SYMBOL]` is an {@link AnswerService}: what the check of an exercise needs. */
export const ANSWERS_SYMBOL = Symbol.for('course.answers');

/** What an answer may use. */
export interface Limits {
  readonly milliseconds: number;
  /** Memory of the process beyond what it held at the start. */
  readonly bytes: number;
}

/** An answer has used up its time or its memory. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached';
  constructor(readonly limit: keyof Limits, message: string) {
    super(message);
  }
}

export interface AnswerService {
  /**
   * Runs code of an answer. None of it continues after a limit.
   * @throws LimitReached; what the code throws; the cell's own interruption
   */
  run<T>(limits: Limits, work: () => T): Promise<Awaited<T>>;
  /** Whether the last cell that declares this name did not compile, or failed before it. */
  isStale(name: string): boolean;
}

/** `p[PARAMETERS_SYMBOL]`, of the `p` that `params` returns: what is {@link DeclaredParameters}. */
export const PARAMETERS_SYMBOL = Symbol.for('course.parameters');

/** What each parameter declares, by its name. */
export type DeclaredParameters = Readonly<Record<string, Declaration>>;
