import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adamW, GPT, meanLoss, tf, trainStep } from '../../lib/index';
import { checkpointFolder, largestDifference, readFixture,
  readTensors } from '../model/reference-data';

interface Training {
  options: {
    learningRate: number;
    beta1: number;
    beta2: number;
    epsilon: number;
    weightDecay: number;
  };
  inputIds: number[][];
  targets: number[][];
  lossBeforeEachStep: number[];
  lossAfterAll: number;
  /** Each weight after five steps: its norm and its first six values. */
  cases: { name: string; norm: number; first: number[] }[];
}

const reference = readFixture<Training>('training', 'training.json');
const { inputIds, targets } = reference;

let model: GPT;
beforeEach(async () => {
  model = (await GPT.load(checkpointFolder('base'))).train(); // its dropout rates are 0
});
afterEach(() => model.dispose());

describe('training equals PyTorch', () => {
  it('in the loss and in the gradient of every weight', () => {
    const weights = [...model.parameters.values()];
    const { value, grads } = tf.variableGrads(
      () => meanLoss(model, { inputIds, targets }),
      weights,
    );
    // Losses of about 7 and gradients of at most about 1, float32 on both sides: they agree to
    // about 1e-6.
    expect(Math.abs(value.dataSync()[0]! - reference.lossBeforeEachStep[0]!)).toBeLessThan(1e-4);
    const wanted = readTensors('training', 'gradients.safetensors');
    expect([...model.parameters.keys()].sort()).toEqual([...wanted.keys()].sort());
    for (const [name, weight] of model.parameters) {
      const values = wanted.get(name)!;
      const largest = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      const difference = largestDifference(grads[weight.name]!.dataSync(), values);
      expect(difference, name).toBeLessThan(1e-4 * Math.min(1, Math.max(largest, 0.01)));
    }
    tf.dispose([value, grads]);
  });

  it('through five steps of AdamW, with decay on matrices and embeddings only', async () => {
    const optimizer = adamW(model, reference.options);
    const losses: number[] = [];
    for (let step = 0; step < 5; step++)
      losses.push(await trainStep(model, optimizer, { inputIds, targets }));
    losses.push(await trainStep(model, optimizer, { inputIds, targets }));
    expect(largestDifference(losses, [...reference.lossBeforeEachStep, reference.lossAfterAll]))
      .toBeLessThan(1e-4);
    optimizer.dispose();
  });

  it('in the weights after those steps', async () => {
    const optimizer = adamW(model, reference.options);
    for (let step = 0; step < 5; step++) await trainStep(model, optimizer, { inputIds, targets });
    optimizer.dispose();
    expect(reference.cases.map(({ name }) => name).sort())
      .toEqual([...model.parameters.keys()].sort());
    for (const { name, norm, first } of reference.cases) {
      const values = model.parameters.get(name)!.dataSync();
      expect(largestDifference(values.slice(0, first.length), first), name).toBeLessThan(1e-4);
      // A bias of the keys changes no attention weight: its gradient is rounding noise, which Adam
      // scales up to whole steps of any sign. So the norm of c_attn.bias, which holds it, means
      // nothing.
      if (name.endsWith('c_attn.bias')) continue;
      expect(Math.abs(Math.hypot(...values) - norm), name).toBeLessThan(1e-4 * norm);
    }
  });
});
