/** How the learning rate changes over a training (16.2.4). */

/** Settings of {@link scheduledRate}. */
export interface Schedule {
  /** Steps in which the learning rate rises from 0 in a straight line. Default 0. */
  warmupSteps?: number;
  /** Whether it then falls to 0 in a straight line until the last step, or stays. Default `linear`. */
  decay?: 'linear' | 'none';
}

/** The learning rate of step `step`, from 1 to `steps`, given its peak. */
export function scheduledRate(
  peak: number,
  step: number,
  steps: number,
  { warmupSteps = 0, decay = 'linear' }: Schedule,
): number {
  const rise = Math.min(1, step / Math.max(1, warmupSteps));
  const fall = decay === 'linear'
    ? Math.min(1, (steps - step + 1) / Math.max(1, steps - warmupSteps))
    : 1;
  return peak * rise * fall;
}
