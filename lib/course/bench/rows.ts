/**
 * The rows of the table: which contender is timed at which task. They take turns, so that a busy
 * moment of the machine affects all of them.
 */
import type { Contender, Task } from './contender';
import { GPT2, SMALL, weightBytes } from './shapes';

export const MODES = [
  'step',
  'decode',
  'batch',
  'layers',
  'large',
  'kernel',
  'course',
  'sweep',
  'submissions',
  'explainer',
] as const;
export type Mode = typeof MODES[number];

/** One line of the result. */
export interface BenchRow {
  mode: Mode;
  name: string;
  /** Median and best of the timings, in `unit`. */
  median: number;
  best: number;
  unit: string;
  /**
   * The comparison of the line, and its value: how many times faster, a share, or bytes. 0 for
   * `bar`: there is no target.
   */
  compared?: { with: string; value: number; bar: number; goal: number };
}

export interface Contenders {
  ours: Contender;
  stock: Contender;
  torch?: Contender;
}

/** Times the entrants in turns, `rounds` times, after one warm-up round. */
async function inTurns(
  entrants: readonly { who: Contender; task: Task }[],
  rounds: number,
): Promise<number[][]> {
  const times: number[][] = entrants.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [i, { who, task }] of entrants.entries()) {
      const value = await who.run(task);
      if (round >= 0) times[i]!.push(value);
    }
  }
  return times;
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** The median over the rounds of how many times longer `a` took than `b` in the same round. */
const ratio = (a: readonly number[], b: readonly number[]): number =>
  median(a.map((value, i) => value / b[i]!));

export const row = (
  mode: Mode,
  name: string,
  unit: string,
  values: readonly number[],
  compared?: BenchRow['compared'],
): BenchRow => ({ mode, name, unit, median: median(values), best: Math.min(...values),
  ...(compared ? { compared } : {}) });

/** A training step of the small model. */
export async function stepRows(
  { ours, stock, torch }: Contenders,
  rounds: number,
): Promise<BenchRow[]> {
  const task = (count: number): Task => ({ name: 'step', shape: SMALL, count });
  const entrants = [
    { who: ours, task: task(5) },
    { who: stock, task: task(1) },
    ...(torch ? [{ who: torch, task: task(5) }] : []),
  ];
  const [a, b, c] = (await inTurns(entrants, rounds)) as [number[], number[], number[]?];
  return [
    row('step', 'training step, this library', 'ms', a, { with: 'times faster than stock',
      value: ratio(b, a), bar: 9, goal: 18 }),
    row('step', 'training step, stock TensorFlow.js', 'ms', b),
    ...(c ? [row('step', 'training step, PyTorch eager', 'ms', c)] : []),
  ];
}

/** Greedy decoding of the small model: a whole context of tokens, one at a time. */
export async function decodeRows(
  { ours, stock, torch }: Contenders,
  rounds: number,
): Promise<BenchRow[]> {
  const task = (name: Task['name'], count = 60): Task => ({ name, shape: SMALL, count });
  const entrants = [
    { who: ours, task: task('decodeCached') },
    { who: stock, task: task('decode') },
    { who: stock, task: task('decodeCached') },
    { who: ours, task: task('decode') },
    ...(torch ? [{ who: torch, task: task('decodeCached') }] : []),
  ];
  const [a, b, c, d, e] = (await inTurns(entrants, rounds)) as [
    number[],
    number[],
    number[],
    number[],
    number[]?,
  ];
  return [
    row('decode', 'token with KV cache, this library', 'ms', a, {
      with: 'times faster than stock without cache',
      value: ratio(b, a),
      bar: 20,
      goal: 30,
    }),
    row('decode', 'token without cache, stock TensorFlow.js', 'ms', b),
    row('decode', 'token with KV cache, stock TensorFlow.js', 'ms', c, {
      with: 'times slower than this library',
      value: ratio(c, a),
      bar: 4,
      goal: 6,
    }),
    row('decode', 'token without cache, this library', 'ms', d),
    ...(e ? [row('decode', 'token with KV cache, PyTorch eager', 'ms', e)] : []),
  ];
}

/**
 * Eight prompts of different lengths side by side, and a beam search of four, against one prompt:
 * milliseconds for each token of each prompt.
 */
export async function batchRows(
  { ours }: Pick<Contenders, 'ours'>,
  rounds: number,
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [name, shape, count] of [['small model', SMALL, 50], ['124M', GPT2, 40]] as const) {
    const task = (kind: Task['name']): Task => ({ name: kind, shape, count });
    const entrants = (['decodeCached', 'decodeBatch', 'decodeBeams'] as const).map((kind) => ({
      who: ours,
      task: task(kind),
    }));
    const times = await inTurns(entrants, rounds);
    const [one, eight, beams] = times as [number[], number[], number[]];
    rows.push(row('batch', `${name}: token, one prompt`, 'ms', one));
    rows.push(
      row('batch', `${name}: token, left-padded batch of 8`, 'ms', eight, {
        with: 'times the tokens per second',
        value: ratio(one, eight),
        bar: 3,
        goal: 5,
      }),
    );
    rows.push(
      row('batch', `${name}: token, beam search of 4`, 'ms', beams, {
        with: 'times the time of a greedy token',
        value: ratio(beams, one),
        bar: 0,
        goal: 0,
      }),
    );
  }
  return rows;
}

/**
 * Decoding with GPT-2's 124 million weights, measured in bytes of weights per second against a
 * plain copy.
 */
export async function largeRows(
  { ours, torch }: Pick<Contenders, 'ours' | 'torch'>,
  rounds: number,
): Promise<BenchRow[]> {
  const task = (name: Task['name'], count: number): Task => ({ name, shape: GPT2, count });
  const [decode, memory] = [task('decodeCached', 16), task('memory', 1)];
  const entrants = [
    { who: ours, task: decode },
    { who: ours, task: memory },
    { who: ours, task: task('copy', 1) },
    ...(torch ? [{ who: torch, task: decode }] : []),
  ];
  // Peak memory is read after one decode, before the copy has allocated memory of its own.
  await ours.run(decode);
  const peak = await ours.run(memory);
  const [a, , copy, c] = (await inTurns(entrants, rounds)) as [
    number[],
    number[],
    number[],
    number[]?,
  ];
  const share = (ms: readonly number[]): number =>
    median(ms.map((value, i) => weightBytes(GPT2) / (value / 1000) / copy[i]!));
  return [
    row('large', '124M token with KV cache, this library', 'ms', a, { with: 'of a plain copy',
      value: share(a), bar: 0.4, goal: 0.7 }),
    row('large', 'plain copy, counted once', 'GB/s', copy.map((bytes) => bytes / 1e9)),
    row('large', '124M peak memory, this library', 'GB', [peak / 1e9], {
      with: 'GB (less is better)',
      value: peak / 1e9,
      bar: 1.5,
      goal: 0.8,
    }),
    ...(c
      ? [
        row('large', '124M token with KV cache, PyTorch eager', 'ms', c, { with: 'of a plain copy',
          value: share(c), bar: 0, goal: 0 }),
      ]
      : []),
  ];
}

/** What each layer of optimization gained: a training step with one more of them at a time. */
export async function layerRows(
  stock: Contender,
  layers: readonly { name: string; who: Contender }[],
  rounds: number,
): Promise<BenchRow[]> {
  const task = (count: number): Task => ({ name: 'step', shape: SMALL, count });
  const entrants = [
    { who: stock, task: task(1) },
    ...layers.map(({ who }) => ({ who, task: task(4) })),
  ];
  const times = await inTurns(entrants, rounds);
  return layers.map(({ name }, i) =>
    row('layers', name, 'ms', times[i + 1]!, { with: 'times faster than stock',
      value: ratio(times[0]!, times[i + 1]!), bar: 0, goal: 0 })
  );
}
