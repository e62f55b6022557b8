import { beforeAll, describe, expect, it } from 'vitest';
import { type Batch, GPT, tf } from '../../lib/index';
import { bytesKept } from '../../lib/experiments/bytes-kept';

const config = { nLayer: 2, nHead: 2, nEmbd: 16, nPositions: 32, vocabSize: 12 };
const row = (seq: number): Batch => ({ inputIds: [Array.from({ length: seq }, (_, t) => t % 12)],
  targets: [Array.from({ length: seq }, (_, t) => (t + 1) % 12)] });
let model: GPT;
beforeAll(async () => {
  model = await GPT.create(config, 1);
});

describe('what a forward pass keeps', () => {
  it('is only the logits in inference, 4 bytes a number', () => {
    expect(bytesKept(model, row(10), { gradients: false })).toBe(10 * 12 * 4);
  });

  it('is in training more for every position than the inputs of the linear layers', () => {
    const [short, long] = [8, 16].map((seq) => bytesKept(model, row(seq), { gradients: true })) as [
      number,
      number,
    ];
    // numbers a position: four in each block, and the head
    const inputsOfLinears = 2 * (16 + 16 + 16 + 64) + 16;
    expect((long - short) / 8).toBeGreaterThan(inputsOfLinears * 4);
  });

  it('leaves memory and weights as they were', () => {
    const weights = (): number[] =>
      [...model.parameters.values()].flatMap((weight) => [...weight.dataSync()]);
    const [before, values] = [tf.memory().numBytes, weights()];
    bytesKept(model, row(8), { gradients: true });
    bytesKept(model, row(8), { gradients: false });
    expect(tf.memory().numBytes).toBe(before);
    expect(weights()).toEqual(values);
  });
});
