/** The progress of a training. */
import type { Evaluated } from '../../files/training-files';
import type { TrainingProgress } from '../../training/loop';
import { progressBar } from '../setup/progress-bar';

/** How a training is shown. */
export interface ProgressView {
  show(progress: TrainingProgress, history: readonly Evaluated[]): void;
  end(): void;
}

/** Shows the steps from `done` on of `steps`. */
export function showProgress(done: number, steps: number): ProgressView {
  const format = '{bar} step {value} of {total}, loss {loss}, held out {heldOut}, {left} s left';
  const bar = progressBar(format);
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
