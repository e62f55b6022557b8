/** What changes nothing is said, what would surprise is refused, and callbacks are waited for. */
import { afterEach, beforeAll, beforeEach, describe, expect, it, type MockInstance,
  vi } from 'vitest';
import { generate, type GenerateOptions, generateSpeculative, GPT, nextTokenProbabilities,
  predictNext, type ProcessorOptions } from '../../lib/index';

const config = { nLayer: 1, nHead: 2, nEmbd: 8, nPositions: 8, vocabSize: 11, residPdrop: 0.5,
  initializerRange: 0.3 };
let model: GPT;
let [out, err]: MockInstance[] = [];
beforeAll(async () => {
  model = (await GPT.create(config, 3)).eval();
});
beforeEach(() => {
  out = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  err = vi.spyOn(console, 'error');
});
afterEach(() => void vi.restoreAllMocks());

const write = async (options: GenerateOptions): Promise<number[][]> =>
  (await generate(model, [[1], [1, 2, 3]], { maxNewTokens: 4, ...options })).sequences;
const said = (): unknown[] => out!.mock.calls.map(([text]) => text as unknown);

describe('options that change nothing', () => {
  it('are said once, on stdout', async () => {
    const plain = await write({});
    expect(said()).toEqual([]);
    expect(await write({ temperature: 0.5, topK: 3 })).toEqual(plain);
    await write({ temperature: 0.7, topK: 5 });
    expect(said()).toEqual(['note: temperature, topK have no effect without doSample: true']);
    await write({ topP: 0.9 });
    await write({ minP: 0.1 });
    await write({ lengthPenalty: 2, earlyStopping: true });
    expect(said().slice(1)).toEqual([
      'note: topP has no effect without doSample: true',
      'note: minP has no effect without doSample: true',
      'note: lengthPenalty, earlyStopping have no effect without numBeams of at least 2',
    ]);
    expect(err).not.toHaveBeenCalled();
  });

  it('are not said where they change something, or ask for nothing', async () => {
    await write({ doSample: true, temperature: 0.3, topK: 2, topP: 0.5, minP: 0.2 });
    await write({ numBeams: 2, lengthPenalty: 0.5, earlyStopping: true });
    await write({ temperature: 1, topK: 0, topP: 1, minP: 0, lengthPenalty: 1,
      earlyStopping: false });
    await write({ numBeams: 1, lengthPenalty: 0 });
    nextTokenProbabilities([1, 2], { temperature: 0.25 });
    expect(said()).toEqual([]);
    nextTokenProbabilities([1, 2], { doSample: false, temperature: 0.25 });
    expect(said()).toEqual(['note: temperature has no effect without doSample']);
  });

  it('are refused where they are options of a different function', async () => {
    const wrong = { maxNewTokens: 3 } as ProcessorOptions;
    expect(() => nextTokenProbabilities([1, 2], wrong)).toThrow('unknown option maxNewTokens');
    await expect(predictNext(model, [1], wrong)).rejects.toThrow('unknown option maxNewTokens');
  });
});

describe('an end token of −1', () => {
  it('means none, in the options and in the configuration', async () => {
    const endless = await write({ eosTokenId: null });
    for (const eosTokenId of [-1, [-1]]) expect(await write({ eosTokenId })).toEqual(endless);
    const other = (await GPT.create({ ...config, eosTokenId: -1 }, 3)).eval();
    const { sequences } = await generate(other, [[1], [1, 2, 3]], { maxNewTokens: 4 });
    expect(sequences).toEqual(endless);
    await expect(write({ eosTokenId: -2 })).rejects.toThrow('eosTokenId must be an integer from 0');
  });
});

describe('sizes that no machine can hold', () => {
  it.each<[GenerateOptions, string]>([
    [{ numBeams: 1e9 }, 'numBeams must be an integer from 1 to 1000, got 1000000000'],
    [{ doSample: true, numReturnSequences: 1e9 }, 'numReturnSequences must be an integer from 1'],
    [
      { doSample: true, numReturnSequences: 90_000 },
      'prompts times numReturnSequences or numBeams must be an integer from 1 to 100000, got',
    ],
  ])('are refused at once: %j', async (options, message) => {
    await expect(write(options)).rejects.toThrow(message);
  });
});

describe('a callback', () => {
  it('that returns a promise is waited for, and its error is the error of generate', async () => {
    for (
      const run of [
        generate,
        (each: GPT, ...rest: [number[][], object]) => generateSpeculative(each, each, ...rest),
      ]
    ) {
      let open = 0;
      const tokens: number[] = [];
      const onToken = async (token: number): Promise<void> => {
        open += 1;
        expect(open).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 2));
        tokens.push(token);
        open -= 1;
      };
      const { sequences } = await run(model, [[1]], { maxNewTokens: 5, onToken });
      expect([1, ...tokens]).toEqual(sequences[0]);
      const failing = { maxNewTokens: 5, onToken: () => Promise.reject(new Error('of mine')) };
      await expect(run(model, [[1]], failing)).rejects.toThrow('of mine');
    }
  });

  it('that changes the mode does not bring dropout into the text', async () => {
    for (const useCache of [true, false]) {
      const plain = await write({ maxNewTokens: 6, useCache });
      expect(await write({ maxNewTokens: 6, useCache, onToken: () => model.train() }))
        .toEqual(plain);
      model.eval();
    }
  });
});
