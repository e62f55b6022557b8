/**
 * The two modes as pictures (16.0): tokens on top, hidden states below, and a line from each token
 * to each position that attends to it. Training computes all positions in one pass, inference one
 * token a pass.
 */
import { checkInteger } from '../base/checks';
import { checkCount, type Figure, greatest, sharedLayout, type Spec } from './figure';
import { markup, oneLine } from './markup';
import { ink, palette, type Role } from './palette';

/** A token or a vector: its position, and its text line by line, as markup. */
interface Box {
  x: number;
  y: number;
  lines: readonly string[];
  color: Role;
}

/** A line from the lower edge of one box to the upper edge of another one. */
interface Link {
  from: readonly [number, number];
  to: readonly [number, number];
  color: Role;
  strong?: boolean;
}

/**
 * ALL → ALL (16.0): one pass over `tokens` [seq] gives a hidden state at every position, `states`
 * [seq][width]. A line goes from each token to each position that attends to it.
 * @throws RangeError if there are not as many states as tokens
 */
export function allToAll(
  tokens: readonly string[],
  states: readonly (readonly number[])[],
  title = 'ALL → ALL: one pass',
): Figure {
  checkCount('hidden states', states.length, tokens.length, 'token');
  const boxes: Box[] = tokens.map((token, x) => ({ x, y: 1, lines: [markup(token)],
    color: 'prompt' })
  );
  states.forEach((state, x) => boxes.push({ x, y: 0, lines: vector(state, x), color: 'training' }));
  const links = tokens.flatMap((_, to) =>
    tokens.slice(0, to + 1).map((__, from): Link => ({
      from: [from, 0.91],
      to: [to, 0.24],
      color: from === to ? 'training' : 'muted',
      strong: from === to,
    }))
  );
  return picture(
    boxes,
    links,
    { title, height: 380, columns: tokens.length, rows: [1.12, -0.27] },
    `One pass takes ${tokens.length} tokens in and gives ${states.length} hidden states, `
      + 'each seeing the tokens up to its own place.',
  );
}

/**
 * One pass of generation: the tokens read, the hidden state of the last one, and the token chosen
 * from it.
 */
export interface GenerationStep {
  tokens: readonly string[];
  state: readonly number[];
  chosen: string;
}

/**
 * ONE → ONE (16.0): several passes, each over all tokens so far, of which only the last hidden
 * state is used. The first `promptLength` tokens were given.
 * @throws RangeError if there are no steps
 */
export function oneToOne(
  steps: readonly GenerationStep[],
  promptLength: number,
  title = 'ONE → ONE: a pass for each new token',
): Figure {
  checkInteger('the number of passes', steps.length, { from: 1 });
  // at least as wide as the example of eight tokens
  const columns = greatest(steps.map(({ tokens }) => tokens.length + 1), 8);
  const boxes: Box[] = [];
  const links: Link[] = [];
  steps.forEach(({ tokens, state, chosen }, pass) => {
    const y = -1.9 * pass;
    const last = tokens.length - 1;
    tokens.forEach((token, x) => {
      boxes.push({ x, y: y + 1, lines: [markup(token)],
        color: x < promptLength ? 'prompt' : 'generated' });
      links.push({ from: [x, y + 0.9], to: [last, y + 0.42],
        color: x === last ? 'inference' : 'muted', strong: x === last });
    });
    boxes.push({ x: last, y, lines: vector(state, last), color: 'inference' });
    boxes.push({ x: last + 1, y, lines: [markup(chosen)], color: 'generated' });
    // without touching the two boxes
    const [start, end] = [last + 0.032 * columns, last + 1 - 0.046 * columns];
    links.push({ from: [start, y], to: [end, y], color: 'generated', strong: true });
  });
  const bottom = -1.9 * (steps.length - 1) - 0.45;
  const read = steps.map(({ tokens }) => tokens.length).join(', ');
  return picture(
    boxes,
    links,
    { title, height: 60 + 220 * steps.length, columns, rows: [1.2, bottom] },
    `Passes: ${steps.length}. Tokens read: ${read}. Chosen, one in each: ${
      steps.map(({ chosen }) => chosen).join(', ')
    }.`,
  );
}

interface Frame {
  title: string;
  height: number;
  columns: number;
  rows: readonly [top: number, bottom: number];
}

function picture(
  boxes: readonly Box[],
  links: readonly Link[],
  frame: Frame,
  summary: string,
): Figure {
  const { title, height, columns, rows: [top, bottom] } = frame;
  const data = links.map(({ from, to, color, strong }): Spec => ({
    type: 'scatter',
    mode: 'lines',
    x: [from[0], to[0]],
    y: [from[1], to[1]],
    hoverinfo: 'skip',
    line: { color: palette[color], width: strong ? 3 : 1 },
  }));
  const annotations = boxes.map(({ x, y, lines, color }): Spec => ({
    x,
    y,
    text: lines.join('<br>'),
    showarrow: false,
    font: { size: 12, color: ink },
    align: 'center',
    bordercolor: palette[color],
    borderwidth: 2,
    borderpad: 4,
  }));
  const hidden: Spec = { visible: false, fixedrange: true };
  const layout = {
    ...sharedLayout({ title, height }, false),
    showlegend: false,
    annotations,
    margin: { l: 10, r: 10, t: 45, b: 10 },
    xaxis: { ...hidden, range: [-0.6, columns - 0.4] },
    yaxis: { ...hidden, range: [bottom, top] },
  };
  return { data, layout, summary: oneLine(summary) };
}

/** The lines `h₃` and its numbers to two decimals. */
function vector(values: readonly number[], index: number): string[] {
  const subscript = String(index).replace(/\d/g, (digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]!);
  return [`<b>h${subscript}</b>`, ...values.map((value) => value.toFixed(2).replace('-', '−'))];
}
