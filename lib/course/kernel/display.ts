/**
 * Pictures and other rich outputs: what the library and tslab's own `display` send.
 */
import type { Output } from './output';

/** The content of Jupyter's `display_data`. */
export interface DisplayData {
  readonly data: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
  readonly transient: { readonly display_id?: string };
}

/** Where the kernel leaves its display: `process[DISPLAY]`. */
export const DISPLAY = Symbol.for('course.display');

/**
 * What stands at `process[Symbol.for('course.display')]` while code runs in the course's kernel.
 */
export interface Display {
  /** Shows one output in all the forms of `data`, by MIME type; with an id it can be updated. */
  display(
    data: Record<string, unknown>,
    metadata?: Record<string, unknown> | string,
    displayId?: string,
  ): void;
  /** Replaces every output that was displayed with this id. */
  update(data: Record<string, unknown>, displayId: string): void;
}

/** Offers the notebook's outputs to the library, and to `import * as tslab from 'tslab'`. */
export function offerDisplay(output: Output): void {
  const content = (data: Record<string, unknown>, metadata = {}, id?: string): DisplayData => ({
    data,
    metadata,
    transient: id === undefined ? {} : { display_id: id },
  });
  const display: Display = {
    display(data, second, third) {
      const [metadata, id] = typeof second === 'string' ? [{}, second] : [second, third];
      output.display('display_data', content(data, metadata, id));
    },
    update(data, id) {
      output.display('update_display_data', content(data, {}, id));
    },
  };
  Reflect.set(process, DISPLAY, display);

  const tslab = require('tslab/dist/jupyter') as { lastWriteDisplayData: unknown };
  tslab.lastWriteDisplayData = (data: DisplayData, update: boolean | undefined): void => {
    output.display(update ? 'update_display_data' : 'display_data', data);
  };
}
