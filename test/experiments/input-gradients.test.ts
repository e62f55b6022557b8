import { beforeAll, describe, expect, it } from 'vitest';
import { GPT, lossPerPosition, tf } from '../../lib/index';
import { inputGradients } from '../../lib/experiments/input-gradients';

const [inputs, targets] = [[3, 1, 4, 9, 5], [1, 4, 9, 5, 2]];
let model: GPT;
beforeAll(async () => {
  model = await GPT.create({ nLayer: 2, nHead: 2, nEmbd: 8, nPositions: 6, vocabSize: 11,
    initializerRange: 0.4, tieWordEmbeddings: false }, 5);
});

/**
 * The same lengths by moving each number of each token's vector a little, up and down (the tokens
 * are all different).
 */
async function byDifferences(causal: boolean): Promise<number[][]> {
  const table = model.parameters.get('wte.weight')!;
  const values = await table.data();
  const step = 1e-2; // float32 losses of about 2: rounding 1e-7 / 1e-2, curvature about 1e-4
  const squares = targets.map(() => inputs.map(() => 0));
  for (const [s, id] of inputs.entries()) {
    for (let i = 0; i < 8; i++) {
      const at = async (by: number): Promise<number[]> => {
        const moved = Float32Array.from(values);
        moved[id * 8 + i]! += by;
        tf.tidy(() => table.assign(tf.tensor(moved, table.shape)));
        return (await lossPerPosition(model, { inputIds: [inputs], targets: [targets] }, {
          causal,
        }))[0]!;
      };
      const [up, down] = [await at(step), await at(-step)];
      up.forEach((loss, t) => {
        squares[t]![s]! += ((loss - down[t]!) / (2 * step)) ** 2;
      });
    }
  }
  tf.tidy(() => table.assign(tf.tensor(values as Float32Array, table.shape)));
  return squares.map((row) => row.map(Math.sqrt));
}

describe('the gradient of each loss with respect to each input', () => {
  it.each([true, false])('is what moving the inputs a little shows, causal %s', async (causal) => {
    const wanted = await byDifferences(causal);
    const got = await inputGradients(model, inputs, targets, { causal });
    got.forEach((row, t) =>
      row.forEach((value, s) => expect(Math.abs(value - wanted[t]![s]!)).toBeLessThan(5e-3))
    ); // the differences' own error, see above: about 1e-4 for each of 8 numbers, with room
  });

  it('is exactly 0 for words that come later, and nowhere else', async () => {
    const got = await inputGradients(model, inputs, targets);
    got.forEach((row, t) => row.forEach((value, s) => expect(value === 0).toBe(s > t)));
  });

  it('is 0 nowhere without the mask', async () => {
    expect(
      (await inputGradients(model, inputs, targets, { causal: false })).flat().every((value) =>
        value > 0
      ),
    ).toBe(true);
  });

  it('keeps no tensor', async () => {
    const before = tf.memory().numTensors;
    await inputGradients(model, inputs, targets);
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
  });

  it('wants one target for each input', async () => {
    await expect(inputGradients(model, inputs, [1, 2])).rejects.toThrow(
      'targets must have the shape [1, 5]',
    );
  });
});
