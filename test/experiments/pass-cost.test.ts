import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GPT, passCost, tf, watchPasses } from '../../lib/index';
import { allowMachine } from '../../lib/tensor/fast/current-machine';

const config = { nLayer: 1, nHead: 1, nEmbd: 2, nPositions: 8, vocabSize: 5, nInner: null };
let model: GPT;
beforeAll(async () => {
  allowMachine(false); // TensorFlow.js reports its own matrix products only
  model = (await GPT.create({ ...config, nHead: 2, nEmbd: 8, nLayer: 2 }, 1)).eval();
});
afterAll(() => allowMachine(true));

/**
 * Counts the matrix products that TensorFlow.js really runs: each output number takes k
 * multiplications and k additions.
 */
async function flopsRun(work: () => unknown): Promise<number> {
  const { kernels } = await tf.profile(() => {
    work();
  });
  return kernels.filter(({ name }) => /MatMul/.test(name)).reduce(
    (sum, { inputShapes, outputShapes }) => {
      const size = (shape: number[]): number => shape.reduce((a, b) => a * b, 1);
      const [first] = inputShapes;
      const [, columns] = (outputShapes[0] as number[]).slice(-2);
      // [.., m, k] holds m · k numbers, each used for every column
      return sum + 2 * size(first!) * columns!;
    },
    0,
  );
}

describe('the cost of a pass', () => {
  it('equals a count by hand: width 2, one block, three tokens, five words', async () => {
    const small = await GPT.create(config, 1);
    const queriesKeysValues = 2 * 3 * 2 * 6;
    const scoresAndMix = 2 * (2 * 3 * 2 * 3);
    const back = 2 * 3 * 2 * 2;
    const mlp = 2 * 3 * 2 * 8 + 2 * 3 * 8 * 2;
    const head = 2 * 3 * 2 * 5;
    const norms = 3 * (2 + 2);
    // and 3 rows of positions
    const weights = (2 * 6 + 6) + (2 * 2 + 2) + (2 * 8 + 8) + (8 * 2 + 2) + norms + 5 * 2 + 3 * 2;
    const cost = passCost(small.config, { batch: 1, seq: 3, kept: 3 });
    expect(cost).toEqual({
      flops: queriesKeysValues + scoresAndMix + back + mlp + head,
      weightBytes: 4 * weights,
      cacheBytes: 0,
      logitBytes: 4 * 3 * 5,
      bytes: 4 * (weights + 15),
    });
  });

  it.each(
    [
      ['a batch', 3, 4, 4, undefined],
      ['last position only', 1, 6, 1, undefined],
      ['a prompt into a cache', 2, 5, 1, 0],
      ['one token behind a cache', 2, 1, 1, 5],
    ] as const,
  )('equals the products that are really run: %s', async (_, batch, seq, kept, past) => {
    const ids = (length: number): number[][] =>
      Array.from({ length: batch }, () => new Array<number>(length).fill(1));
    const cache = past === undefined ? undefined : model.createCache(batch);
    if (past) model.forward(ids(past), { cache }).dispose();
    let run = 0;
    const passes = await watchPasses(model, async () => {
      run = await flopsRun(() => model.forward(ids(seq), { cache, logitsToKeep: kept }).dispose());
    });
    cache?.dispose();
    expect(passes).toEqual([{ batch, seq, kept, past }]);
    expect(passCost(model.config, passes[0]!).flops).toBe(run);
  });

  it('of all cached steps is that of one causal pass, without the masked scores', () => {
    const { nLayer, nEmbd } = model.config;
    const steps = [0, 1, 2, 3, 4].map((past) =>
      passCost(model.config, { batch: 1, seq: 1, kept: 1, past }).flops
    );
    const hidden = nLayer * 2 * 2 * nEmbd * (4 + 3 + 2 + 1);
    const once = passCost(model.config, { batch: 1, seq: 5, kept: 5 }).flops;
    expect(steps.reduce((a, b) => a + b, 0)).toBe(once - hidden);
  });

  it('counts the bytes of a cache as memory holds them', () => {
    const before = tf.memory().numBytes;
    const cache = model.createCache(3);
    const allocated = tf.memory().numBytes - before;
    cache.dispose();
    expect(passCost(model.config, { batch: 3, seq: 1, kept: 1, past: 7 }).cacheBytes).toBe(
      allocated,
    );
  });

  it('refuses the sizes of an invalid pass', () => {
    expect(() => passCost(model.config, { batch: 0, seq: 1, kept: 1 })).toThrow(
      'batch must be an integer of at least 1, got 0',
    );
    expect(() => passCost(model.config, { batch: 1, seq: 2, kept: 3 })).toThrow(
      'kept must be an integer from 1 to 2, got 3',
    );
  });
});
