import { describe, expect, it } from 'vitest';
import { type Batch, GPT, packedBatches, predictNext, Random } from '../../lib/index';
import { scheduledSampling } from '../../lib/experiments/scheduled-sampling';

const config = { nLayer: 1, nHead: 2, nEmbd: 16, nPositions: 8, vocabSize: 12,
  initializerRange: 0.5 };
const rows = Array.from(
  { length: 20 },
  (_, i) => Array.from({ length: 7 }, (_, t) => (i + t) % 12),
);
const truth = (): () => Batch =>
  packedBatches(rows, { batchSize: 3, blockSize: 6, random: new Random(1) });

/** A model, and a count of its forward passes. */
async function counted(): Promise<{ model: GPT; passes: () => number }> {
  const model = await GPT.create(config, 2);
  const forward = model.forward.bind(model);
  let count = 0;
  model.forward = (ids, options) => (count++, forward(ids, options));
  return { model, passes: () => count };
}

describe('scheduled sampling', () => {
  it('with share 0 is teacher forcing, without one extra pass', async () => {
    const { model, passes } = await counted();
    expect(scheduledSampling(model, truth(), { share: 0, random: new Random(3) })()).toEqual(
      truth()(),
    );
    expect(passes()).toBe(0);
  });

  it('with share 1 costs a pass for each position but the first, and keeps targets', async () => {
    const { model, passes } = await counted();
    const [own, real] = [
      scheduledSampling(model, truth(), { share: 1, random: new Random(3) })(),
      truth()(),
    ];
    expect(passes()).toBe(5);
    expect(own.targets).toEqual(real.targets);
    expect(own.inputIds.map((row) => row[0])).toEqual(real.inputIds.map((row) => row[0]));
    expect(own.inputIds).not.toEqual(real.inputIds);
  });

  it('samples each word from the prediction of the model after its own words so far', async () => {
    const { model } = await counted();
    const { inputIds } = scheduledSampling(model, truth(), { share: 1, random: new Random(3) })();
    const random = new Random(3);
    const read = truth()().inputIds.map((row) => row.slice(0, 1));
    for (let t = 1; t < 6; t++) {
      const next: number[] = [];
      for (const row of read) next.push(random.choose(await predictNext(model.eval(), row)));
      next.forEach((id, b) => {
        random.uniform();
        read[b]!.push(id);
      });
    }
    expect(inputIds).toEqual(read);
  });

  it('with a share in between takes true words about that often', async () => {
    const { model } = await counted();
    const next = scheduledSampling(model, truth(), { share: 0.5, random: new Random(3) });
    const real = truth();
    let [same, all] = [0, 0];
    for (let i = 0; i < 20; i++) {
      const [own, right] = [next(), real()];
      own.inputIds.forEach((row, b) =>
        row.slice(1).forEach((id, t) => {
          all += 1;
          same += id === right.inputIds[b]![t + 1] ? 1 : 0;
        })
      );
    }
    // 300 words, half of them true, and a few true by chance
    expect(same / all).toBeGreaterThan(0.45);
    expect(same / all).toBeLessThan(0.75);
  });

  it('refuses a share that is not a probability', async () => {
    const { model } = await counted();
    expect(() => scheduledSampling(model, truth(), { share: 1.5, random: new Random(1) })).toThrow(
      'share must be a number from 0 to 1, got 1.5',
    );
  });
});
