import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { generate, type GenerateOptions, GPT, tf, watchPasses } from '../../lib/index';

const config = { nLayer: 2, nHead: 2, nEmbd: 16, nPositions: 12, vocabSize: 11,
  initializerRange: 0.3 };
let model: GPT;
beforeAll(async () => {
  model = (await GPT.create(config, 3)).eval();
});
const one = async (prompt: number[], options = {}): Promise<number[]> =>
  (await generate(model, [prompt], options)).sequences[0]!;

describe('a batch equals its prompts one by one, token for token', () => {
  const models = fc.record({
    nLayer: fc.integer({ min: 1, max: 3 }),
    nHead: fc.integer({ min: 1, max: 3 }),
    size: fc.constantFrom(1, 4, 5, 8),
    nPositions: fc.integer({ min: 2, max: 14 }),
    vocabSize: fc.constantFrom(2, 11, 40),
    tieWordEmbeddings: fc.boolean(),
  });
  const prompts = fc.array(fc.array(fc.nat(39), { minLength: 1, maxLength: 17 }), { minLength: 1,
    maxLength: 6 });
  const options = fc.record({
    maxNewTokens: fc.nat(8),
    eosTokenId: fc.constantFrom(null, 0, 1, [0, 1]),
    doSample: fc.boolean(),
    temperature: fc.constantFrom(0, 0.7, 1.5),
    topK: fc.nat(12),
    topP: fc.constantFrom(0, 0.5, 0.9, 1),
    minP: fc.constantFrom(0, 0.1, 1),
    repetitionPenalty: fc.constantFrom(0.8, 1, 1.3),
    noRepeatNgramSize: fc.constantFrom(0, 0, 2, 3),
    numBeams: fc.constantFrom(1, 1, 3),
    lengthPenalty: fc.constantFrom(-1, 0, 1, 2),
    earlyStopping: fc.constantFrom<boolean | 'never'>(true, false, 'never'),
    seed: fc.nat(5),
    useCache: fc.boolean(),
  });
  /** The sequences, or why there are none: n-grams that come once may leave no token. */
  const outcome = (
    random: GPT,
    batch: number[][],
    chosen: GenerateOptions,
  ): Promise<number[][] | string> =>
    generate(random, batch, chosen).then(
      ({ sequences }) => sequences,
      (error: Error) => error.message,
    );

  it('over random models, prompts and options, also past the context, equal prompts apart', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(
        models,
        prompts,
        options,
        fc.nat(99),
        async ({ size, ...shape }, drawn, chosen, seed) => {
          const random =
            (await GPT.create({ ...shape, nEmbd: shape.nHead * size, initializerRange: 0.3 }, seed))
              .eval();
          const batch = drawn.map((prompt) => prompt.map((id) => id % shape.vocabSize));
          const together = await outcome(random, batch, chosen);
          const seen = new Set<string>();
          let mayFail = false;
          for (const [i, prompt] of batch.entries()) {
            // equal prompts meet different luck, on purpose
            if (seen.has(prompt.join()) && chosen.doSample) {
              mayFail ||= chosen.noRepeatNgramSize > 0;
              continue;
            }
            seen.add(prompt.join());
            const alone = await outcome(random, [prompt], chosen);
            mayFail ||= typeof alone === 'string';
            if (typeof alone === 'string') expect(together).toBe(alone);
            else if (typeof together !== 'string') expect([together[i]]).toEqual(alone);
            compared += Number(typeof together !== 'string');
          }
          // a batch fails only with one of its prompts
          if (!mayFail) expect(together).toBeInstanceOf(Array);
          random.dispose();
        },
      ),
      { numRuns: 150, seed: 7 },
    );
    expect(compared).toBeGreaterThan(300);
  });
});

describe('the edges of generate', () => {
  it('maxNewTokens 0 returns the prompts, also with beams', async () => {
    expect(await one([1, 2], { maxNewTokens: 0 })).toEqual([1, 2]);
    expect(await one([1, 2], { maxNewTokens: 0, numBeams: 3 })).toEqual([1, 2]);
  });

  it('an end token inside the prompt ends nothing; a generated one ends its row and is kept', async () => {
    const plain = await one([4, 4], { maxNewTokens: 6, eosTokenId: null });
    const end = plain[3]!;
    const ended = await one([end, 4, 4].slice(1), { maxNewTokens: 6, eosTokenId: end });
    expect(ended).toEqual(plain.slice(0, plain.indexOf(end, 2) + 1));
    expect((await one([end, 4], { maxNewTokens: 2, eosTokenId: end })).length).toBeGreaterThan(2);
  });

  it('several end tokens: whichever comes first ends the row, with and without beams', async () => {
    const free = await one([1, 2], { maxNewTokens: 8, eosTokenId: null });
    const [first, later] = [free[4]!, free[6]!];
    for (const numBeams of [1, 3]) {
      const only = await one([1, 2], { maxNewTokens: 8, numBeams, eosTokenId: first });
      expect(await one([1, 2], { maxNewTokens: 8, numBeams, eosTokenId: [first] })).toEqual(only);
    }
    const ended = await one([1, 2], { maxNewTokens: 8, eosTokenId: [later, first] });
    expect(ended).toEqual(
      free.slice(0, free.findIndex((id, t) => t > 1 && (id === first || id === later)) + 1),
    );
    await expect(one([1], { eosTokenId: [1, 11] })).rejects.toThrow(
      'eosTokenId must be a token id from 0 to 10, got 11',
    );
  });

  it('an end token of the configuration outside the vocabulary never comes, and is not used as padding', async () => {
    const odd = (await GPT.create({ ...config, eosTokenId: 50256 }, 3)).eval();
    const { sequences } = await generate(odd, [[1], [2, 3]], { maxNewTokens: 3 });
    expect(sequences.map((row) => row.length)).toEqual([4, 5]);
    odd.dispose();
  });

  it('rows that end at different steps keep their own lengths', async () => {
    const prompts = [[1], [2, 3], [4, 5, 6], [7]];
    const free = (await generate(model, prompts, { maxNewTokens: 8, eosTokenId: null })).sequences;
    const end = free[0]![3]!;
    const { sequences } = await generate(model, prompts, { maxNewTokens: 8, eosTokenId: end });
    sequences.forEach((row, i) => {
      const stop = free[i]!.indexOf(end, prompts[i]!.length);
      expect(row).toEqual(stop < 0 ? free[i] : free[i]!.slice(0, stop + 1));
    });
  });

  it('a short prompt goes on to its own edge of the context after the long one beside it has ended', async () => {
    const long = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const end = (await one(long, { maxNewTokens: 1, eosTokenId: null })).at(-1)!;
    // the padding of the short one comes to the edge first
    const options = { maxNewTokens: 15, eosTokenId: end };
    const alone = await one([4], options);
    expect(alone.length).toBeGreaterThan(config.nPositions);
    expect((await generate(model, [long, [4]], options)).sequences).toEqual([
      [...long, end],
      alone,
    ]);
  });

  it('temperature 0, top-k 1 and a top-p of 0 are greedy', async () => {
    const greedy = await one([1, 2, 3], { maxNewTokens: 8 });
    for (const options of [{ temperature: 0 }, { topK: 1 }, { topP: 0 }, { minP: 1 }]) {
      expect(await one([1, 2, 3], { maxNewTokens: 8, doSample: true, ...options })).toEqual(greedy);
    }
  });

  it('a vocabulary of one token leaves no choice', async () => {
    const single = (await GPT.create({ ...config, vocabSize: 1 }, 1)).eval();
    expect((await generate(single, [[0]], { maxNewTokens: 3 })).sequences).toEqual([[0, 0, 0, 0]]);
    expect((await generate(single, [[0]], { maxNewTokens: 3, numBeams: 2 })).sequences).toEqual([[
      0,
      0,
      0,
      0,
    ]]);
    single.dispose();
  });

  it('several sequences of one prompt, and equal prompts, are different draws; the seed fixes them', async () => {
    const options = { maxNewTokens: 10, doSample: true, numReturnSequences: 4, seed: 5 };
    const { sequences } = await generate(model, [[1], [1]], options);
    expect(new Set(sequences.map(String)).size).toBe(8);
    expect((await generate(model, [[1], [1]], options)).sequences).toEqual(sequences);
    expect((await generate(model, [[1], [1]], { ...options, seed: 6 })).sequences).not.toEqual(
      sequences,
    );
  });

  it('streams each token with its row, in the order in which they come', async () => {
    const heard: number[][] = [[1], [2, 3]];
    const { sequences } = await generate(model, [[1], [2, 3]], { maxNewTokens: 5,
      onToken: (token, row) => heard[row]!.push(token) });
    expect(heard).toEqual(sequences);
  });

  it('keeps what it has read unless told not to: the prompt goes in once, then one token a pass', async () => {
    const widths = async (options: GenerateOptions): Promise<number[]> =>
      (await watchPasses(
        model,
        () => one([1, 2, 3], { maxNewTokens: 4, eosTokenId: null, ...options }),
      )).map(({ seq }) => seq);
    expect(await widths({})).toEqual([3, 1, 1, 1]);
    expect(await widths({ useCache: false })).toEqual([3, 4, 5, 6]);
  });

  it('stops between two tokens when told to', async () => {
    const controller = new AbortController();
    let count = 0;
    const running = generate(model, [[1]], { maxNewTokens: 1e6, eosTokenId: null,
      signal: controller.signal, onToken: () => {
        if (++count === 4) controller.abort();
      } });
    await expect(running).rejects.toThrow(/abort/i);
    expect(count).toBe(4);
  });

  it('leaks no tensor over 1,000 tokens', async () => {
    await one([1], { maxNewTokens: 2 });
    const before = tf.memory().numTensors;
    await one([1], { maxNewTokens: 1000, eosTokenId: null });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('beams and n-grams that come once', () => {
  /**
   * Log-probability of each sequence of `length` tokens after `prompt` in which no pair comes
   * twice, most probable first.
   */
  function allWithoutRepeatedPairs(
    small: GPT,
    prompt: number[],
    length: number,
  ): { ids: number[]; score: number }[] {
    let level = [{ ids: prompt, score: 0 }];
    for (let t = 0; t < length; t++) {
      level = level.flatMap(({ ids, score }) => {
        const logProbabilities = tf.tidy(() =>
          tf.logSoftmax(small.forward([ids], { logitsToKeep: 1 })).dataSync()
        );
        const last = ids.at(-1)!;
        const came = (id: number): boolean =>
          ids.some((one, i) => one === last && ids[i + 1] === id);
        return [0, 1, 2].filter((id) => !came(id)).map((id) => ({ ids: [...ids, id],
          score: score + logProbabilities[id]! })
        );
      });
    }
    return level.sort((a, b) => b.score - a.score);
  }

  it('with room for every sequence find the best ones of all, though some beams end in a blind alley', async () => {
    const small = (await GPT.create({ ...config, vocabSize: 3 }, 4)).eval();
    const options = { numBeams: 100, numReturnSequences: 2, noRepeatNgramSize: 2, lengthPenalty: 0,
      eosTokenId: null };
    for (const prompt of [[1, 0, 1, 1], [2, 2, 1, 2], [0, 2, 0, 0]]) {
      const best = allWithoutRepeatedPairs(small, prompt, 4).slice(0, 2).map(({ ids }) => ids);
      expect((await generate(small, [prompt], { ...options, maxNewTokens: 4 })).sequences).toEqual(
        best,
      );
    }
    small.dispose();
  });

  it('are refused only if no beam can go on', async () => {
    const small = (await GPT.create({ ...config, vocabSize: 2 }, 4)).eval();
    const never = generate(small, [[0, 1]], { numBeams: 3, noRepeatNgramSize: 1,
      eosTokenId: null });
    await expect(never).rejects.toThrow(
      'noRepeatNgramSize 1 leaves no token that could follow; make it larger',
    );
    small.dispose();
  });
});

describe('what cannot be is refused with the allowed range', () => {
  it.each<[object, string]>([
    [{ temperature: -1 }, 'temperature must be a number, at least 0; got -1'],
    [{ topP: 1.1 }, 'topP must be a number, at least 0 and at most 1; got 1.1'],
    [{ minP: Number.NaN }, 'minP must be a number, at least 0 and at most 1; got NaN'],
    [{ topK: 2.5 }, 'topK must be a whole number, at least 0; got 2.5'],
    [{ repetitionPenalty: 0 }, 'repetitionPenalty must be a number, above 0; got 0'],
    [{ maxNewTokens: -1 }, 'maxNewTokens must be a whole number, at least 0; got -1'],
    [{ numBeams: 0 }, 'numBeams must be a whole number, at least 1; got 0'],
    [{ numReturnSequences: 2 }, 'numReturnSequences must be at most numBeams (1)'],
    [{ max_new_tokens: 3 }, 'unknown option max_new_tokens; known are'],
    [{ eosTokenId: 11 }, 'eosTokenId must be a token id from 0 to 10, got 11'],
    [{ numBeams: 2, onToken: () => undefined }, 'onToken needs numBeams 1'],
    [{ seed: -1 }, 'seed must be a whole number, at least 0 and at most 9007199254740991; got -1'],
    [{ doSample: 'yes' }, 'doSample must be true or false; got yes'],
    [{ useCache: 0 }, 'useCache must be true or false; got 0'],
    [
      { numBeams: 2, earlyStopping: 'sometimes' },
      "earlyStopping must be true, false or 'never'; got sometimes",
    ],
    [{ eosTokenId: '3' }, 'eosTokenId must be a token id, a list of them or null; got 3'],
    [
      { eosTokenId: [1, 2.5] },
      'eosTokenId must be a token id, a list of them or null; got [1,2.5]',
    ],
    [{ padTokenId: 1.5 }, 'padTokenId must be a token id; got 1.5'],
    [{ signal: {} }, 'signal must be an AbortSignal; got {}'],
    [{ onToken: 'print' }, 'onToken must be a function; got print'],
  ])('%j', async (options, message) => {
    const before = tf.memory().numTensors;
    await expect(generate(model, [[1]], options as GenerateOptions)).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('prompts: none, an empty one, a flat one, ids outside the vocabulary', async () => {
    await expect(generate(model, [])).rejects.toThrow('at least one prompt');
    await expect(generate(model, [[1], []])).rejects.toThrow('prompt 1 is empty');
    await expect(generate(model, [1, 2] as unknown as number[][])).rejects.toThrow('number[][]');
    await expect(generate(model, [[11]])).rejects.toThrow('from 0 to 10, got 11');
    // wrong also where the context does not reach
    const beyond = [11, ...new Array<number>(config.nPositions).fill(1)];
    await expect(generate(model, [[1], beyond])).rejects.toThrow('got 11 in row 1 at position 0');
  });

  it('a model in training mode', async () => {
    model.train();
    await expect(generate(model, [[1]])).rejects.toThrow('call model.eval() first');
    model.eval();
  });
});
