import { beforeAll, describe, expect, it } from 'vitest';
import { GPT, meanLoss, predictNext, tf } from '../../lib/index';
import { watchPasses } from '../../lib/experiments/watch-passes';

let model: GPT;
beforeAll(async () => {
  model = (await GPT.create({ nLayer: 1, nHead: 2, nEmbd: 8, nPositions: 6, vocabSize: 11 }, 5))
    .eval();
});

describe('watching passes', () => {
  it('lists each pass in order, whichever function made it', async () => {
    const passes = await watchPasses(model, async () => {
      meanLoss(model, { inputIds: [[1, 2, 3], [4, 5, 6]], targets: [[2, 3, 4], [5, 6, 7]] })
        .dispose();
      await predictNext(model, [1, 2]);
      model.forward(tf.tensor2d([[1, 2, 3, 4]], undefined, 'int32')).dispose();
    });
    expect(passes).toEqual([{ batch: 2, seq: 3, kept: 3 }, { batch: 1, seq: 2, kept: 1 }, {
      batch: 1,
      seq: 4,
      kept: 4,
    }]);
  });

  it('counts the tokens in the cache before each pass', async () => {
    const cache = model.createCache();
    const passes = await watchPasses(
      model,
      () => [[1, 2, 3], [4], [5]].forEach((ids) => model.forward([ids], { cache }).dispose()),
    );
    cache.dispose();
    expect(passes.map(({ seq, past }) => [seq, past])).toEqual([[3, 0], [1, 3], [1, 4]]);
  });

  it('changes no result, and ends after the work, also when that fails', async () => {
    const before = [...(await predictNext(model, [1, 2]))];
    let watched: number[] = [];
    const passes = await watchPasses(model, async () => {
      watched = [...(await predictNext(model, [1, 2]))];
    });
    await expect(watchPasses(model, () => model.forward([[99]]))).rejects.toThrow('99');
    await predictNext(model, [3]);
    expect(watched).toEqual(before);
    expect(passes).toHaveLength(1);
  });
});
