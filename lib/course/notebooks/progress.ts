/** The progress of a notebook that runs. */
import { progressBar } from '../setup/progress-bar';
import type { CellProgress } from './execute';

/** How one run is shown. `end` comes before anything else is printed. */
interface CellsView {
  readonly show: (progress: CellProgress) => void;
  readonly end: () => void;
}

/** Shows how many cells of `notebook` are done, and the last of them. */
export function showCells(notebook: string): CellsView {
  const format = '{notebook}: {value} of {total} cells, {cell}';
  const bar = progressBar(format, { isRemoved: true });
  return {
    show({ cell, done, cells }) {
      if (!bar.isActive) bar.start(cells, done, { notebook, cell });
      bar.update(done, { cell });
    },
    end: () => bar.stop(), // nothing before a start
  };
}
