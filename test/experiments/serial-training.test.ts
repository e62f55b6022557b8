import { describe, expect, it } from 'vitest';
import { gradientsBothWays } from '../../lib/experiments/serial-training';
import { GPT, meanLoss, Random, tf } from '../../lib/index';

const SIZES = { nLayer: 2, nHead: 2, nEmbd: 16, nPositions: 64, vocabSize: 23,
  initializerRange: 0.2 };

function batchOf(rows: number, seq: number): { inputIds: number[][]; targets: number[][] } {
  const random = new Random(3);
  const ids = Array.from(
    { length: rows },
    () => Array.from({ length: seq + 1 }, () => random.integer(SIZES.vocabSize)),
  );
  return { inputIds: ids.map((row) => row.slice(0, -1)), targets: ids.map((row) => row.slice(1)) };
}

describe('training token by token', () => {
  it.each([8, 16, 32, 64])('gives loss and gradients of one pass, %d tokens', async (seq) => {
    const model = await GPT.create({ ...SIZES, scaleAttnByInverseLayerIdx: seq === 16 }, 1);
    const { parallel, serial } = await gradientsBothWays(model, batchOf(2, seq));
    expect(Math.abs(serial.loss - parallel.loss)).toBeLessThan(1e-6);
    expect([parallel.passes, serial.passes]).toEqual([1, seq]);
    expect(serial.byName.size).toBe(model.parameters.size);
    for (const [name, gradient] of serial.byName) {
      const apart = parallel.byName.get(name)!.map((value, i) => Math.abs(value - gradient[i]!));
      expect(Math.max(...apart), name).toBeLessThan(1e-6);
      expect(Math.max(...gradient.map(Math.abs)), name).toBeGreaterThan(1e-4);
    }
    model.dispose();
  });

  it('differs from a pass without the mask, and leaves no tensors', async () => {
    const model = await GPT.create(SIZES, 1);
    const batch = batchOf(2, 8);
    const before = tf.memory().numTensors;
    const { serial } = await gradientsBothWays(model, batch);
    expect(tf.memory().numTensors).toBe(before);
    const cheat = tf.tidy(() =>
      meanLoss(model, batch, { training: false, causal: false }).dataSync()[0]!
    );
    expect(Math.abs(serial.loss - cheat)).toBeGreaterThan(1e-3);
    model.dispose();
  });

  it('refuses a batch that the two ways would read differently', async () => {
    const model = await GPT.create(SIZES, 1);
    const wrong = (targets: number[][]): Promise<unknown> =>
      gradientsBothWays(model, { inputIds: [[1, 2]], targets });
    await expect(wrong([[2, -100]])).rejects.toThrow(/targets must be token ids.*-100/);
    await expect(wrong([[2]])).rejects.toThrow(RangeError);
    model.dispose();
  });
});
