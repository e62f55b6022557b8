/** Pictures and other rich outputs, from the library and from tslab's own `display`. */
import { type Display, DISPLAY_SYMBOL } from '../../base/kernel-symbols';
import type { Tslab } from './converter';
import type { Output } from './output';

/** The content of Jupyter's `display_data`. */
export interface DisplayData {
  readonly data: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
  readonly transient: { readonly display_id?: string };
}

/** Offers the notebook's outputs to the library, and to `import * as tslab from 'tslab'`. */
export function offerDisplay(output: Output, { jupyter }: Tslab): void {
  const content = (data: Record<string, unknown>, id?: string): DisplayData => ({
    data,
    metadata: {},
    transient: id === undefined ? {} : { display_id: id },
  });
  const display: Display = {
    display(data, id) {
      output.display('display_data', content(data, id));
    },
    update(data, id) {
      output.display('update_display_data', content(data, id));
    },
  };
  Reflect.set(process, DISPLAY_SYMBOL, display);

  jupyter.lastWriteDisplayData = (data: DisplayData, update: boolean | undefined): void => {
    output.display(update ? 'update_display_data' : 'display_data', data);
  };
}
