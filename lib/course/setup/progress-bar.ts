/** A progress bar in a terminal; elsewhere a line of text now and then. */
import { Presets, SingleBar } from 'cli-progress';

/** Milliseconds between two lines where there is no terminal. */
const LINE_EVERY = 5000;

/**
 * A bar of cli-progress that leaves signals to the program.
 * @param isRemoved whether it leaves nothing behind at its end, in a terminal
 */
export const progressBar = (format: string, { isRemoved = false } = {}): SingleBar =>
  new SingleBar({
    format,
    stream: process.stdout,
    noTTYOutput: true,
    notTTYSchedule: LINE_EVERY,
    barsize: 24,
    clearOnComplete: isRemoved,
    hideCursor: null, // a program that is killed could not show it again
    gracefulExit: false,
    emptyOnZero: true,
  }, Presets.shades_classic);
