/** How the cost grows with the length of the sequence, with the batch and with the model. */
import { lines } from '../../plots/lines';
import type { Figure } from '../../plots/figure';
import type { Contender, Task } from './contender';
import { median } from './rows';
import { type Shape, SMALL } from './shapes';

/** One curve: milliseconds at each size. */
export interface Curve {
  name: string;
  xTitle: string;
  unit: string;
  x: number[];
  y: number[];
}

const CURVES: readonly {
  name: string;
  xTitle: string;
  task: Task['name'];
  sizes: number[];
  shape: (size: number) => Shape;
}[] = [
  { name: 'training step against sequence length', xTitle: 'tokens in a row', task: 'step',
    sizes: [16, 32, 64, 128, 256], shape: (n) => ({ ...SMALL, nPositions: n }) },
  { name: 'training step against batch', xTitle: 'rows in a batch', task: 'step',
    sizes: [1, 3, 6, 12, 24], shape: (n) => ({ ...SMALL, batch: n }) },
  { name: 'training step against width', xTitle: 'width of the model', task: 'step',
    sizes: [32, 64, 128, 256], shape: (n) => ({ ...SMALL, nEmbd: n }) },
  { name: 'token without cache against context', xTitle: 'tokens in all', task: 'decode',
    sizes: [16, 32, 64, 128, 256], shape: (n) => ({ ...SMALL, nPositions: n }) },
  { name: 'token with cache against context', xTitle: 'tokens in all', task: 'decodeCached',
    sizes: [16, 32, 64, 128, 256], shape: (n) => ({ ...SMALL, nPositions: n }) },
];

/** Measures every curve of one contender. */
export async function measureCurves(contender: Contender, rounds: number): Promise<Curve[]> {
  const curves: Curve[] = [];
  for (const { name, xTitle, task, sizes, shape } of CURVES) {
    const y: number[] = [];
    for (const size of sizes) {
      const count = task === 'step' ? 2 : shape(size).nPositions - 4;
      const times: number[] = [];
      for (let round = -1; round < rounds; round++)
        times.push(await contender.run({ name: task, shape: shape(size), count }));
      y.push(median(times.slice(1)));
    }
    curves.push({ name, xTitle, unit: task === 'step' ? 'ms' : 'ms a token', x: sizes, y });
  }
  return curves;
}

/** A figure of one curve, both axes logarithmic: a line of slope 1 means a proportional cost. */
export function curveFigure({ name, xTitle, unit, x, y }: Curve): Figure {
  return lines([{ name, x, y }], { title: name, xTitle, yTitle: unit, logX: true, logY: true });
}
