/** The progress of a training in a terminal; elsewhere a line of text now and then. */
import { Presets, SingleBar } from 'cli-progress';
import type { Evaluated } from '../../files/training-files';
import type { TrainingProgress } from '../../training/loop';

/** Milliseconds between two lines where there is no terminal. */
const LINE_EVERY = 5000;

/** How a training is shown. */
export interface ProgressView {
  show(progress: TrainingProgress, history: readonly Evaluated[]): void;
  end(): void;
}

/** Shows the steps from `done` on of `steps`. */
export function showProgress(done: number, steps: number): ProgressView {
  const bar = new SingleBar({
    format: '{bar} step {value} of {total}, loss {loss}, held out {heldOut}, {left} s left',
    stream: process.stdout,
    noTTYOutput: true,
    notTTYSchedule: LINE_EVERY,
    barsize: 24,
    hideCursor: true,
    gracefulExit: false, // the program itself handles signals, since it saves
    emptyOnZero: true,
  }, Presets.shades_classic);
  bar.start(steps, done, { loss: '–', heldOut: '–', left: '–' });
  return {
    show({ step, steps: all, loss, secondsLeft }, history) {
      bar.setTotal(all);
      bar.update(step, { loss: loss.toFixed(3), left: Math.ceil(secondsLeft),
        heldOut: history.at(-1)?.loss.toFixed(3) ?? '–' });
    },
    end: () => bar.stop(),
  };
}
