import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bars } from '../../lib/plots/bars';
import { lines } from '../../lib/plots/lines';
import { lossCurve } from '../../lib/plots/loss-curve';
import { DISPLAY_SYMBOL } from '../../lib/base/kernel-symbols';
import { show } from '../../lib/plots/show';
import { linesAsSvg } from '../../lib/plots/lines-as-svg';

const figure = bars(['a', 'b'], [1, 2], { xTitle: 'x', yTitle: 'y' });

interface Sent {
  data: Record<string, unknown>;
  id: string | undefined;
  update: boolean;
}

/** Takes the place of the kernel's display and records what it is given. */
function listen(): Sent[] {
  const sent: Sent[] = [];
  Reflect.set(process, DISPLAY_SYMBOL, {
    display: (data: Record<string, unknown>, id?: string) => sent.push({ data, id, update: false }),
    update: (data: Record<string, unknown>, id: string) => sent.push({ data, id, update: true }),
  });
  return sent;
}

beforeEach(() => {
  vi.useFakeTimers();
});
/** Says whether stdout is a terminal. */
function terminal(isTTY: boolean | undefined): void {
  Object.defineProperty(process.stdout, 'isTTY', { value: isTTY, configurable: true });
}

const { isTTY } = process.stdout;
afterEach(() => {
  terminal(isTTY);
  Reflect.deleteProperty(process, DISPLAY_SYMBOL);
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Runs `steps` steps of 100 ms each. */
function run(onStep: ReturnType<typeof lossCurve>, steps: number, speed = 1000): void {
  for (let step = 1; step <= steps; step++) {
    vi.advanceTimersByTime(100);
    onStep({ step, steps, loss: 3 / step, tokensPerSecond: speed,
      secondsLeft: (steps - step) / 10 });
  }
}

test('a figure is one display: the Plotly figure as an object, and its sentence', () => {
  const sent = listen();
  show(figure);
  expect(sent).toHaveLength(1);
  expect(Object.keys(sent[0]?.data ?? {})).toEqual([
    'application/vnd.plotly.v1+json',
    'text/plain',
  ]);
  expect(sent[0]?.data['application/vnd.plotly.v1+json']).toMatchObject({ data: figure.data,
    layout: figure.layout, config: { showSendToCloud: false } });
  expect(sent[0]?.data['text/plain']).toBe(figure.summary);
});

test('outside a notebook its sentence is printed', () => {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  show(figure);
  expect(log).toHaveBeenCalledExactlyOnceWith(figure.summary);
});

test('the loss curve updates one display, at most twice a second, with its progress', () => {
  const sent = listen();
  run(lossCurve({ floor: 0.5 }), 50);
  expect(sent.map(({ update }) => update)).toEqual([
    false,
    ...new Array<boolean>(sent.length - 1).fill(true),
  ]);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
  expect(sent.length).toBeGreaterThan(5);
  expect(sent.length).toBeLessThanOrEqual(12); // 5 s
  expect(sent[1]?.data['text/plain']).toBe(
    'Step 6 of 50: loss 0.500, 1,000 tokens a second, 5 s left.',
  );
});

test('the loss curve is an SVG while it changes, and a Plotly figure in the end', () => {
  const sent = listen();
  run(lossCurve({ floor: 0.5 }), 50);
  for (const { data } of sent.slice(0, -1))
    expect(Object.keys(data)).toEqual(['image/svg+xml', 'text/plain']);
  expect(Object.keys(sent.at(-1)?.data ?? {})[0]).toBe('application/vnd.plotly.v1+json');
  const pictures = sent.slice(0, -1).map(({ data }) => String(data['image/svg+xml']));
  expect(new Set(pictures).size).toBe(pictures.length);
  expect(pictures[1]).toContain('Step 6 of 50');
  const curve = /<path d="M([^"]*)" fill="none" stroke="#0072B2" stroke-width="2"\/>\n<path/.exec(
    pictures[1] ?? '',
  );
  const [first, ...others] = (curve?.[1] ?? '').split('L').map((point) =>
    point.split(' ').map(Number)
  );
  expect(others).toHaveLength(5);
  expect(first?.[0]).toBe(60); // step 1 is at the left edge, and the loss falls from there
  expect(Math.min(...others.map(([, y]) => y ?? NaN))).toBeGreaterThan(first?.[1] ?? NaN);
});

test('an SVG keeps the text of titles, characters of markup included', () => {
  const picture = linesAsSvg(
    lines([{ name: 'a<b', y: [1, NaN, 3] }, { name: 'c', y: [2, 2, 2] }], { xTitle: 'x & y',
      yTitle: 'z', title: 'T' }),
  );
  expect(picture).toContain('a&lt;b');
  expect(picture).toContain('x &amp; y');
  expect(picture).not.toMatch(/NaN|Infinity|undefined/);
});

test('the last state does not depend on the speed, and holds every loss and the floor', () => {
  const sent = listen();
  run(lossCurve({ floor: 0.5 }), 20, 1000);
  const slow = sent.at(-1)?.data;
  run(lossCurve({ floor: 0.5 }), 20, 99_999);
  expect(sent.at(-1)?.data).toEqual(slow);
  expect(slow?.['text/plain']).toBe(
    "20 steps: the last batch's loss is 0.150, the entropy floor 0.500.",
  );
  const { data } = slow?.['application/vnd.plotly.v1+json'] as { data: { y: number[] }[] };
  expect(data.map(({ y }) => y)).toEqual([Array.from({ length: 20 }, (_, i) => 3 / (i + 1)), [
    0.5,
    0.5,
  ]]);
});

test('losses on held-out text are a second curve, and a training that goes on shows all', () => {
  const sent = listen();
  const history = [{ step: 0, loss: 4 }];
  const onStep = lossCurve({ heldOut: { history } });
  const losses = [5, 4, 3]; // two of them before the stop
  history.push({ step: 2, loss: 2.5 }, { step: 3, loss: 2.75 });
  onStep({ step: 3, steps: 3, loss: 3, tokensPerSecond: 1, secondsLeft: 0, losses });
  const last = sent.at(-1)?.data;
  expect(last?.['text/plain']).toBe(
    "3 steps: the last batch's loss is 3.000, the lowest on held-out text 2.500, after step 2.",
  );
  const { data } = last?.['application/vnd.plotly.v1+json'] as {
    data: { name: string; x: number[]; y: number[] }[];
  };
  expect(data.map(({ name, x, y }) => [name, x, y])).toEqual([
    ['training loss', [1, 2, 3], [5, 4, 3]],
    ['on held-out text', [0, 2, 3], [4, 2.5, 2.75]],
  ]);
});

test('a long run is drawn as means over sections of equal length', () => {
  const sent = listen();
  run(lossCurve(), 3000);
  const { data } = sent.at(-1)?.data['application/vnd.plotly.v1+json'] as {
    data: { x: number[]; y: number[] }[];
  };
  expect(data[0]?.x).toHaveLength(300);
  expect(data[0]?.x[0]).toBe(5.5);
  expect(data[0]?.y[0]).toBeCloseTo(
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].reduce((sum, n) => sum + 3 / n, 0) / 10,
    12,
  );
});

test('in plain Node progress is lines of text, the last without timings', () => {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  terminal(false);
  run(lossCurve(), 100);
  const said = log.mock.calls.map(([line]) => String(line));
  expect(said.length).toBeGreaterThanOrEqual(2);
  expect(said.length).toBeLessThanOrEqual(4); // 10 s
  expect(said.at(-1)).toBe("100 steps: the last batch's loss is 0.030.");
  expect(said.join('')).not.toContain('\r');
});

test('on a terminal progress is one line that is overwritten', () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  terminal(true);
  run(lossCurve(), 10);
  const said = write.mock.calls.map(([text]) => String(text));
  expect(said.every((text) => text.startsWith('\r'))).toBe(true);
  expect(said.filter((text) => text.endsWith('\n'))).toHaveLength(1);
  expect(said.at(-1)).toContain("10 steps: the last batch's loss is 0.300.\n");
});
