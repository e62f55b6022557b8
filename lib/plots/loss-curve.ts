import { platform } from '../base/platform';
import { checkKnown, type Figure, type Known } from './figure';
import { lines, type LineSeries } from './lines';
import { bundle, notebookDisplay } from './show';
import { linesAsSvg } from './lines-as-svg';
import { rememberCurves } from './shown-curves';
import { formatNumber } from './summary-words';

/** The report of a training loop after each step. */
export interface TrainingProgress {
  /** Steps done so far, from 1. */
  step: number;
  /** The number of steps in all; after an early stop, those taken. */
  steps: number;
  /** Mean loss of this step's batch, in nats a token. */
  loss: number;
  tokensPerSecond: number;
  secondsLeft: number;
  /** The losses of all steps so far, also those before a stop; by default those seen here. */
  losses?: readonly number[];
}

export interface LossCurveOptions {
  /** The entropy of the language in nats a token: the lowest loss that a model can expect. */
  floor?: number;
  title?: string;
  /** The evaluations on held-out text, as `heldOut` keeps them: a second curve. */
  heldOut?: HeldOutLosses;
}

/** Mean losses on held-out text so far, in nats a token, each after so many steps. */
interface HeldOutLosses {
  readonly history: readonly { readonly step: number; readonly loss: number }[];
}

const OPTIONS: Known<LossCurveOptions> = { floor: true, title: true, heldOut: true };

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
  const { floor, title = 'Training loss', heldOut } = options;
  const seen: number[] = [];
  const display = notebookDisplay();
  const displayId = platform.uniqueId();
  let shownAt: number | undefined;

  return (progress) => {
    seen.push(progress.loss);
    const done = progress.step >= progress.steps;
    const every = display || platform.isTerminal ? pictureEvery : lineEvery;
    if (!done && shownAt !== undefined && performance.now() - shownAt < every) return;
    const held = heldOut?.history ?? [];
    const text = done ? finalText(progress, held, floor) : liveText(progress);
    if (!display) {
      writeLine(text, done);
    } else {
      const figure = lossFigure(progress.losses ?? seen, held, { text, title, floor });
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
 * The curves so far. `losses` [finished steps], `held` those on held-out text; `text` describes the
 * progress of the training.
 */
function lossFigure(
  losses: readonly number[],
  held: HeldOutLosses['history'],
  { text, title, floor }: { text: string; title: string; floor?: number },
): Figure {
  const section = Math.ceil(losses.length / maxPoints);
  const x: number[] = [];
  const y: number[] = [];
  for (let from = 0; from < losses.length; from += section) {
    const part = losses.slice(from, from + section);
    x.push(from + (part.length + 1) / 2);
    y.push(part.reduce((sum, loss) => sum + loss, 0) / part.length);
  }
  const series: LineSeries[] = [
    { name: 'training loss', x, y, color: 'training', markers: false },
  ];
  if (held.length > 0)
    series.push({ name: 'on held-out text', x: held.map(({ step }) => step),
      y: held.map(({ loss }) => loss), color: 'inference' });
  return lines(series, {
    title,
    subtitle: text,
    xTitle: 'step',
    yTitle: 'loss, nats a token',
    references: floor === undefined
      ? []
      : [{ name: 'entropy floor', value: floor, color: 'floor' }],
    summary: text,
  });
}

function liveText({ step, steps, loss, tokensPerSecond, secondsLeft }: TrainingProgress): string {
  return `Step ${step} of ${steps}: loss ${loss.toFixed(3)}, ${
    formatNumber(tokensPerSecond)
  } tokens a second, `
    + `${Math.ceil(secondsLeft)} s left.`;
}

function finalText(
  { step, loss }: TrainingProgress,
  held: HeldOutLosses['history'],
  floor?: number,
): string {
  const parts = [`${step} steps: the last batch's loss is ${loss.toFixed(3)}`];
  if (floor !== undefined) parts.push(`the entropy floor ${floor.toFixed(3)}`);
  const [first, ...others] = held;
  if (first) {
    const best = others.reduce((least, each) => (each.loss < least.loss ? each : least), first);
    parts.push(`the lowest on held-out text ${best.loss.toFixed(3)}, after step ${best.step}`);
  }
  return `${parts.join(', ')}.`;
}

function writeLine(text: string, done: boolean): void {
  if (platform.isTerminal) platform.overwriteLine(text, done);
  else console.log(text);
}
