import { randomUUID } from 'node:crypto';
import type { Figure } from './figure';
import { lines } from './lines';
import { bundle, notebook } from './show';
import { svgOf } from './svg';
import { say } from './words';

/** What a training loop reports after each step. */
export interface Progress {
  /** Steps done so far, from 1. */
  step: number;
  /** Steps in all. */
  steps: number;
  /** Mean loss of this step's batch, in nats a token. */
  loss: number;
  tokensPerSecond: number;
  secondsLeft: number;
}

export interface LossCurveOptions {
  /** The entropy of the language in nats a token: the loss that no model can beat. */
  floor?: number;
  title?: string;
}

/**
 * Milliseconds between two pictures; between two lines of text where a line cannot be overwritten.
 */
const pictureEvery = 500;
const lineEvery = 5000;

/** More points than this are drawn as means over equal stretches. */
const maxPoints = 300;

/**
 * A callback for `train`'s `onStep` that draws the loss while it falls: step, loss, tokens a second
 * and time left, and the entropy floor in the same plot. At most two pictures a second. The last
 * one names no timings, so that a saved notebook is the same after every run. In plain Node it
 * writes a line of text.
 */
export function lossCurve(
  { floor, title = 'Training loss' }: LossCurveOptions = {},
): (progress: Progress) => void {
  const losses: number[] = [];
  const way = notebook();
  const displayId = randomUUID();
  let shownAt: number | undefined;

  return (progress) => {
    losses.push(progress.loss);
    const done = progress.step >= progress.steps;
    const every = way || process.stdout.isTTY ? pictureEvery : lineEvery;
    if (!done && shownAt !== undefined && performance.now() - shownAt < every) return;
    const text = done ? finalText(progress, floor) : liveText(progress);
    if (!way) {
      writeLine(text, done);
    } else {
      const figure = lossFigure(losses, text, title, floor);
      const content = done ? bundle(figure) : moving(figure);
      if (shownAt === undefined) way.display(content, displayId);
      else way.update(content, displayId);
    }
    shownAt = performance.now();
  };
}

/**
 * The forms of a figure that will change: a plain picture, since JupyterLab's Plotly draws a
 * display once and passes over every later state of it.
 */
function moving(figure: Figure): Record<string, unknown> {
  return { 'image/svg+xml': svgOf(figure), 'text/plain': figure.summary };
}

/** The curve so far. `losses` [steps done]; `summary` says how far training is. */
function lossFigure(
  losses: readonly number[],
  summary: string,
  title: string,
  floor?: number,
): Figure {
  const stretch = Math.ceil(losses.length / maxPoints);
  const x: number[] = [];
  const y: number[] = [];
  for (let from = 0; from < losses.length; from += stretch) {
    const part = losses.slice(from, from + stretch);
    x.push(from + (part.length + 1) / 2);
    y.push(part.reduce((sum, loss) => sum + loss, 0) / part.length);
  }
  return lines([{ name: 'training loss', x, y, color: 'training', markers: false }], {
    title: `${title}<br><sub>${summary}</sub>`,
    xTitle: 'step',
    yTitle: 'loss, nats a token',
    references: floor === undefined
      ? []
      : [{ name: 'entropy floor', value: floor, color: 'floor' }],
    summary,
  });
}

function liveText({ step, steps, loss, tokensPerSecond, secondsLeft }: Progress): string {
  return `Step ${step} of ${steps}: loss ${loss.toFixed(3)}, ${
    say(tokensPerSecond)
  } tokens a second, `
    + `${Math.ceil(secondsLeft)} s left.`;
}

function finalText({ step, loss }: Progress, floor?: number): string {
  const end = `${step} steps: the last batch's loss is ${loss.toFixed(3)}`;
  return floor === undefined ? `${end}.` : `${end}, the entropy floor ${floor.toFixed(3)}.`;
}

function writeLine(text: string, done: boolean): void {
  if (!process.stdout.isTTY) console.log(text);
  else process.stdout.write(`\r\x1b[K${text}${done ? '\n' : ''}`);
}
