/** The progress of a notebook that runs, in a terminal; elsewhere a line of text now and then. */
import { Presets, SingleBar } from 'cli-progress';
import type { CellProgress } from './execute';

/** Milliseconds between two lines where there is no terminal. */
const LINE_EVERY = 5000;

/** How one run is shown. `end` comes before anything else is printed. */
export interface ProgressView {
  readonly show: (progress: CellProgress) => void;
  readonly end: () => void;
}

export function showCells(notebook: string): ProgressView {
  const bar = new SingleBar({
    format: '{notebook}: {value} of {total} cells, {cell}',
    stream: process.stdout,
    noTTYOutput: true,
    notTTYSchedule: LINE_EVERY,
    clearOnComplete: true,
    gracefulExit: false,
    hideCursor: null, // a bar that is ended by Ctrl-C could not show it again
  }, Presets.legacy);
  let begun = false;
  return {
    show({ cell, done, cells }) {
      if (!begun) bar.start(cells, done, { notebook, cell });
      begun = true;
      bar.update(done, { cell });
    },
    end() {
      if (begun) bar.stop();
    },
  };
}
