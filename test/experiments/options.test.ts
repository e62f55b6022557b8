import { beforeAll, describe, expect, it } from 'vitest';
import { attentionOf, bytesKept, compareWithTruth, exactFillIn, GPT, gpt2Tokenizer, hiddenStates,
  inputGradients, language, loadTokenizer, lossPerPosition, maskedBatches, maskPredict, meanLoss,
  padLeft, params, passCost, PULL_REQUESTS, Random, scheduledSampling, tf,
  wordTokenizer } from '../../lib/index';

let model: GPT;
beforeAll(async () => {
  model = await GPT.create({ nLayer: 1, nHead: 2, nEmbd: 8, nPositions: 8, vocabSize: 12,
    residPdrop: 0.5 }, 1);
});
const batch = { inputIds: [[1, 2]], targets: [[2, 3]] };
const random = new Random(1);
/** The options of a function, and one that does not exist. */
const and = <T extends object>(options: T): T => ({ ...options, misspelt: 1 });

describe('a missing generator is an error that says so', () => {
  it.each<[string, () => unknown]>([
    [
      'maskedBatches',
      () => maskedBatches([[1, 2]], { batchSize: 1, maskId: 0, promptLength: 1 } as never),
    ],
    ['scheduledSampling', () => scheduledSampling(model, () => batch, { share: 0 } as never)],
  ])('%s', (_, call) => {
    expect(call).toThrow('random must be a generator, such as new Random(1), got undefined');
  });
});

describe('an option that does not exist is refused by name', () => {
  const calls: Record<string, () => unknown> = {
    forward: () => model.forward([[1]], and({})),
    meanLoss: () => meanLoss(model, batch, and({})),
    lossPerPosition: () => lossPerPosition(model, batch, and({})),
    hiddenStates: () => hiddenStates(model, [1], and({})),
    inputGradients: () => inputGradients(model, [1], [1], and({})),
    attentionOf: () => attentionOf(model, [1], and({ layer: 0, head: 0 })),
    bytesKept: () => bytesKept(model, batch, and({ gradients: false })),
    compareWithTruth: () =>
      compareWithTruth(model, [[1, 2]], and({ promptLength: 1, freeRunning: true })),
    maskPredict: () => maskPredict(() => Promise.resolve([]), 1, and({ passes: 1 })),
    maskedBatches: () =>
      maskedBatches([[1, 2]], and({ batchSize: 1, random, maskId: 0, promptLength: 1 })),
    scheduledSampling: () => scheduledSampling(model, () => batch, and({ share: 0, random })),
    passCost: () => passCost(model.config, and({ batch: 1, seq: 1, kept: 1 })),
    load: () => GPT.load(PULL_REQUESTS, and({})),
    'load, with a setting that is no dropout rate': () =>
      GPT.load(PULL_REQUESTS, { misspelt: 1, nHead: 2 } as object),
    loadTokenizer: () => loadTokenizer(PULL_REQUESTS, and({})),
    decode: () => wordTokenizer.decode([1], and({})),
    "decode of GPT-2's": () => gpt2Tokenizer().decode([1], and({})),
    params: () => params({ a: 1 }, { a: [0, 2], misspelt: [0, 1] } as { a: [number, number] }),
  };
  it.each(Object.entries(calls))('%s', async (_, call) => {
    await expect(new Promise((resolve) => resolve(call()))).rejects.toThrow(
      /^unknown (option|size|parameter with a range) misspelt.*; known are /,
    );
  });
});

it('what padLeft returns may be handed to forward whole', () => {
  const padded = padLeft([[1, 2], [3]], 0);
  const { inputIds, attentionMask, positionIds } = padded;
  const [whole, parts] = [padded, { attentionMask, positionIds }].map((each) =>
    tf.tidy(() => model.forward(inputIds, { ...each, training: false }).dataSync())
  );
  expect(whole).toEqual(parts);
});

describe('what cannot end or fit is refused at once', () => {
  it.each<[string, () => unknown]>([
    ['texts', () => maskPredict(() => Promise.resolve([]), 1, { passes: 1, count: 1e9 })],
    ['positions of a text with holes', () => exactFillIn([], wordTokenizer, 1e9)],
    [
      'masked rows',
      () => maskedBatches([[1, 2]], { batchSize: 1e9, random, maskId: 0, promptLength: 1 }),
    ],
    ['positions', () => language.packedEntropyRate(1e9)],
    ['completions', () => language.completions([], 1e-300)],
  ])('%s', async (_, call) => {
    await expect(new Promise((resolve) => resolve(call()))).rejects.toThrow(
      /must be (an integer from 1|a number of at least 1e-12)/,
    );
  });
});

describe('callbacks and modes', () => {
  it('maskPredict waits for onPass', async () => {
    let open = 0;
    const onPass = async (): Promise<void> => {
      open += 1;
      expect(open).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 2));
      open -= 1;
    };
    const fillIn = (texts: readonly unknown[]): Promise<Float32Array[][]> =>
      Promise.resolve(texts.map(() => [Float32Array.of(1), Float32Array.of(1)]));
    await maskPredict(fillIn, 2, { passes: 3, onPass });
    expect(open).toBe(0);
  });

  it('compareWithTruth measures without dropout in either mode', async () => {
    const run = () => compareWithTruth(model, [[1, 2, 3]], { promptLength: 1, freeRunning: false });
    expect((await run()).loss).toEqual((await run()).loss);
  });
});
