import { platform } from '../base/platform';
import { checkKnown, type Figure, type Known } from './figure';
import { lines } from './lines';
import { bundle, notebookDisplay } from './show';
import { linesAsSvg } from './lines-as-svg';
import { rememberCurves } from './shown-curves';
import { formatNumber } from './summary-words';

/** The report of a training loop after each step. */
export interface TrainingProgress {
  /** Steps done so far, from 1. */
  step: number;
  /** The number of steps in all. */
  steps: number;
  /** Mean loss of this step's batch, in nats a token. */
  loss: number;
  tokensPerSecond: number;
  secondsLeft: number;
}

export interface LossCurveOptions {
  /** The entropy of the language in nats a token: the lowest loss that a model can expect. */
  floor?: number;
  title?: string;
}

const OPTIONS: Known<LossCurveOptions> = { floor: true, title: true };

/** Milliseconds between two pictures, and between two lines of text that cannot be overwritten. */
const pictureEvery = 500;
const lineEvery = 5000;

/** More points than this are drawn as means over sections of equal length. */
const maxPoints = 300;

/**
 * A callback for the `onStep` of `train` that draws the loss during training: step, loss, tokens a
 * second and time left, with the entropy floor in the same plot, at most two pictures a second. The
 * last picture shows no timings, so that a saved notebook is the same after every run. In plain
 * Node it writes a line of text.
 * @throws RangeError for an unknown option
 */
export function lossCurve(
  options: LossCurveOptions = {},
): (progress: TrainingProgress) => void {
  checkKnown('option', options, OPTIONS);
  const { floor, title = 'Training loss' } = options;
  const losses: number[] = [];
  const display = notebookDisplay();
  const displayId = platform.uniqueId();
  let shownAt: number | undefined;

  return (progress) => {
    losses.push(progress.loss);
    const done = progress.step >= progress.steps;
    const every = display || platform.isTerminal ? pictureEvery : lineEvery;
    if (!done && shownAt !== undefined && performance.now() - shownAt < every) return;
    const text = done ? finalText(progress, floor) : liveText(progress);
    if (!display) {
      writeLine(text, done);
    } else {
      const figure = lossFigure(losses, text, title, floor);
      if (done) rememberCurves(figure);
      const content = done ? bundle(figure) : changing(figure);
      if (shownAt === undefined) display.display(content, displayId);
      else display.update(content, displayId);
    }
    shownAt = performance.now();
  };
}

/**
 * The mime types of a figure that is still changing: an SVG, since Plotly in JupyterLab draws only
 * the first state of a display and ignores its updates.
 */
function changing(figure: Figure): Record<string, unknown> {
  return { 'image/svg+xml': linesAsSvg(figure), 'text/plain': figure.summary };
}

/**
 * The curve so far. `losses` [finished steps]; `summary` describes the progress of the training.
 */
function lossFigure(
  losses: readonly number[],
  summary: string,
  title: string,
  floor?: number,
): Figure {
  const section = Math.ceil(losses.length / maxPoints);
  const x: number[] = [];
  const y: number[] = [];
  for (let from = 0; from < losses.length; from += section) {
    const part = losses.slice(from, from + section);
    x.push(from + (part.length + 1) / 2);
    y.push(part.reduce((sum, loss) => sum + loss, 0) / part.length);
  }
  return lines([{ name: 'training loss', x, y, color: 'training', markers: false }], {
    title,
    subtitle: summary,
    xTitle: 'step',
    yTitle: 'loss, nats a token',
    references: floor === undefined
      ? []
      : [{ name: 'entropy floor', value: floor, color: 'floor' }],
    summary,
  });
}

function liveText({ step, steps, loss, tokensPerSecond, secondsLeft }: TrainingProgress): string {
  return `Step ${step} of ${steps}: loss ${loss.toFixed(3)}, ${
    formatNumber(tokensPerSecond)
  } tokens a second, `
    + `${Math.ceil(secondsLeft)} s left.`;
}

function finalText({ step, loss }: TrainingProgress, floor?: number): string {
  const end = `${step} steps: the last batch's loss is ${loss.toFixed(3)}`;
  return floor === undefined ? `${end}.` : `${end}, the entropy floor ${floor.toFixed(3)}.`;
}

function writeLine(text: string, done: boolean): void {
  if (platform.isTerminal) platform.overwriteLine(text, done);
  else console.log(text);
}
