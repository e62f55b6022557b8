import { beforeAll, describe, expect, it } from 'vitest';
import { GPT, type GPTOptions, tf } from '../../lib/index';
import { settingsToJson } from '../../lib/files/config-json';
import { completeConfig, configFromJson } from '../../lib/model/config';

const shape = { nLayer: 1, nHead: 2, nEmbd: 8, nPositions: 6, vocabSize: 10 };
let model: GPT;
beforeAll(async () => {
  model = (await GPT.create(shape, 1)).eval();
});

describe('an invalid configuration is refused by name, before any tensor is made', () => {
  it.each([
    [{ nEmbd: 9 }, 'nEmbd must be divisible by nHead, 2, got 9'],
    [{ nLayer: 0 }, 'nLayer must be an integer from 1 to 1000, got 0'],
    [{ nLayer: 1e9 }, 'nLayer must be an integer from 1 to 1000, got 1000000000'],
    [{ nEmbd: 2e9 }, 'nEmbd must be an integer from 1 to 100000, got 2000000000'],
    [{ nInner: 1e9 }, 'nInner must be an integer from 1 to 400000, got 1000000000'],
    [
      { nLayer: 1000, nEmbd: 9600 },
      'no memory left for weights of 4,4',
    ],
    [{ eosTokenId: -2 }, 'eosTokenId must be a token id, a list of them, −1 or null, got -2'],
    [{ vocabSize: 2.5 }, 'vocabSize must be an integer from 1 to 10000000, got 2.5'],
    [{ attnPdrop: 1 }, 'attnPdrop must be a number from 0 to below 1, got 1'],
    [{ residPdrop: -0.1 }, 'residPdrop must be a number from 0 to below 1, got -0.1'],
    [{ embdPdrop: Number.NaN }, 'embdPdrop must be a number from 0 to below 1, got NaN'],
    [
      { activationFunction: 'relu' },
      'activationFunction must be gelu_new or gelu_pytorch_tanh, got "relu"',
    ],
    [{ layerNormEpsilon: -1e-5 }, 'layerNormEpsilon must be a number of at least 0, got -0.00001'],
    [
      { eosTokenId: [1, 2.5] },
      'eosTokenId must be a token id, a list of them, −1 or null, got [1,2.5]',
    ],
    [{ tieWordEmbeddings: 'no' }, 'tieWordEmbeddings must be true or false, got "no"'],
    [{ nLayers: 3 }, 'unknown configuration nLayers'],
  ])('%j', async (change, message) => {
    const before = tf.memory().numTensors;
    await expect(GPT.create({ ...shape, ...change } as GPTOptions)).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
  });

  it('also when a config.json is of another model', () => {
    const json = settingsToJson(completeConfig(shape));
    expect(configFromJson(json)).toEqual(completeConfig(shape));
    // a loaded model needs no initializer
    expect(configFromJson({ ...json, initializer_range: 0 }).initializerRange).toBe(0);
    expect(() => configFromJson({ ...json, model_type: 'llama' })).toThrow(
      'model_type must be gpt2, got "llama"',
    );
    expect(() => configFromJson({ ...json, add_cross_attention: true })).toThrow(
      'add_cross_attention must be false',
    );
    expect(() => configFromJson({ ...json, activation_function: 'relu' })).toThrow('got "relu"');
  });
});

describe('a config.json with different names', () => {
  it("may use the names of other models for GPT-2's, as in transformers", () => {
    // ignored, they would leave a wrong number of heads
    const names = { hidden_size: 48, num_hidden_layers: 2, num_attention_heads: 4,
      max_position_embeddings: 16 };
    expect(configFromJson({ ...names, n_embd: 96, vocab_size: 9 })).toMatchObject({ nEmbd: 48,
      nLayer: 2, nHead: 4, nPositions: 16 });
  });

  it('has the defaults of transformers: the smallest GPT-2, which ends with token 50256', () => {
    const gpt2 = { nLayer: 12, nHead: 12, nEmbd: 768, nPositions: 1024, vocabSize: 50257,
      eosTokenId: 50256, bosTokenId: 50256 };
    expect(configFromJson({ model_type: 'gpt2' })).toMatchObject(gpt2);
    expect(configFromJson({ eos_token_id: null }).eosTokenId).toBe(null);
  });
});

describe('input that does not fit is refused before any tensor is made', () => {
  it.each<[string, () => unknown, string]>([
    [
      'an id above the vocabulary',
      () => model.forward([[1, 10]]),
      'from 0 to 9, got 10 in row 0 at position 1',
    ],
    ['a negative id', () => model.forward([[1], [-1]]), 'got -1 in row 1 at position 0'],
    ['an id that is not an integer', () => model.forward([[1.5]]), 'got 1.5 in row 0'],
    [
      'a row with holes',
      () => model.forward([new Array<number>(3)]),
      'got undefined in row 0 at position 0',
    ],
    [
      'a flat mask',
      () => model.forward([[1, 2]], { attentionMask: [1, 1] as unknown as number[][] }),
      'attentionMask must be rows of numbers (number[][]), got [1,1]',
    ],
    ['an empty prompt', () => model.forward([[]]), 'at least one token'],
    ['no row', () => model.forward([]), 'at least one row'],
    [
      'ragged rows',
      () => model.forward([[1, 2], [3]]),
      'row 0 has 2 tokens, row 1 has 1; pad them and pass attentionMask',
    ],
    [
      'a row longer than the context',
      () => model.forward([[1, 2, 3, 4, 5, 6, 7]]),
      'the context holds 6 tokens (nPositions), got 7',
    ],
    [
      'a mask of another shape',
      () => model.forward([[1, 2]], { attentionMask: [[1]] }),
      'attentionMask must have the shape [1, 2]',
    ],
    [
      'a mask that is not 0 or 1',
      () => model.forward([[1, 2]], { attentionMask: [[1, 2]] }),
      'attentionMask must be integers from 0 to 1, got 2',
    ],
    [
      'a position outside the context',
      () => model.forward([[1, 2]], { positionIds: [[0, 6]] }),
      'positionIds must be integers from 0 to 5, got 6',
    ],
    [
      'a flat list',
      () => model.forward([1, 2] as unknown as number[][]),
      'must be rows of token ids',
    ],
    [
      'more logits than positions',
      () => model.forward([[1, 2]], { logitsToKeep: 3 }),
      'logitsToKeep must be an integer from 1 to 2, got 3',
    ],
  ])('%s', (_, call, message) => {
    const before = tf.memory().numTensors;
    expect(call).toThrow(message);
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
  });

  it('ids may also come as an int32 tensor, with the same logits', () => {
    const ids = [[1, 2, 3], [4, 5, 6]];
    const fromRows = model.forward(ids).arraySync();
    const fromTensor = model.forward(tf.tensor2d(ids, undefined, 'int32')).arraySync();
    expect(fromTensor).toEqual(fromRows);
  });
});

describe('the forward pass', () => {
  it('sees no token after a position: changing one leaves everything before it unchanged', () => {
    const [row, other] = [[1, 2, 3, 4, 5], [1, 2, 3, 9, 5]].map((ids) =>
      model.forward([ids]).arraySync()[0]!
    );
    expect(other!.slice(0, 3)).toEqual(row!.slice(0, 3));
    expect(other![3]).not.toEqual(row![3]);
  });

  it('sees it without the causal mask', () => {
    const [row, other] = [[1, 2, 3], [1, 2, 9]].map((ids) =>
      model.forward([ids], { causal: false }).arraySync()[0]!
    );
    expect(other![0]).not.toEqual(row![0]);
  });

  it('keeps only the last positions with logitsToKeep, with the same numbers', () => {
    const all = model.forward([[1, 2, 3, 4]]).arraySync()[0]!;
    const last = model.forward([[1, 2, 3, 4]], { logitsToKeep: 1 }).arraySync()[0]!;
    expect(last.map((logits) => logits.length)).toEqual([shape.vocabSize]);
    // a different order of summation
    last[0]!.forEach((logit, id) => expect(logit).toBeCloseTo(all[3]![id]!, 6));
  });

  it.each(['embdPdrop', 'attnPdrop', 'residPdrop'] as const)(
    'drops out by %s in training mode only',
    async (rate) => {
      const none = { embdPdrop: 0, attnPdrop: 0, residPdrop: 0 };
      const [one, plain] = [
        await GPT.create({ ...shape, ...none, [rate]: 0.5 }, 1),
        await GPT.create({ ...shape, ...none }, 1),
      ];
      const logits = (of: GPT): number[] => Array.from(of.forward([[1, 2, 3]]).dataSync());
      expect(logits(one)).not.toEqual(logits(one));
      expect(logits(plain)).toEqual(logits(plain));
      expect(logits(one.eval())).toEqual(logits(plain));
      one.dispose();
      plain.dispose();
    },
  );

  it('differs from call to call in training mode, and never in inference mode', () => {
    const call = (): number[] => Array.from(model.forward([[1, 2, 3]]).dataSync());
    model.train();
    expect(call()).not.toEqual(call());
    model.eval();
    expect(call()).toEqual(call());
    expect(model.training).toBe(false);
  });
});
