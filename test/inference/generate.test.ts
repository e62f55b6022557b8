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
  /** The sequences, or the message of the error: a ban on repeated n-grams may leave no token. */
  const outcome = (
    random: GPT,
    batch: number[][],
    chosen: GenerateOptions,
  ): Promise<number[][] | string> =>
    generate(random, batch, chosen).then(
      ({ sequences }) => sequences,
      (error: unknown) => (error as Error).message,
    );

  it('over random models, prompts and options, also past the context', async () => {
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
            // equal prompts get different random numbers, on purpose
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
          // a batch fails only if one of its prompts does
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

  /** `row` up to the first of `ends` behind a prompt of `length` tokens, that token included. */
  const upToEnd = (row: number[], length: number, ends: number[]): number[] => {
    const stop = row.findIndex((id, t) => t >= length && ends.includes(id));
    return stop < 0 ? row : row.slice(0, stop + 1);
  };
  /** Prompts that hold `end` at their start, in their middle and at their end. */
  const around = (end: number): number[][] => [[end, 4, 7], [4, end, 7], [4, 7, end]];
  const vocabulary = Array.from({ length: config.vocabSize }, (_, id) => id);

  it('an end token in a prompt ends nothing; a generated one ends its row; both stay', async () => {
    let [early, late] = [0, 0];
    for (const end of vocabulary) {
      const prompts = around(end);
      const run = async (eosTokenId: number | null): Promise<number[][]> =>
        (await generate(model, prompts, { maxNewTokens: 6, eosTokenId })).sequences;
      const free = await run(null);
      expect(free.map((row) => row.slice(0, 3))).toEqual(prompts);
      const wanted = free.map((row) => upToEnd(row, 3, [end]));
      expect(await run(end)).toEqual(wanted);
      early += wanted.filter((row) => row.length > 4 && row.length < 9).length;
      late += wanted.filter((row) => row.length === 9 && row[8] !== end).length;
    }
    expect(early, 'rows that end in the midst').toBeGreaterThan(0);
    expect(late, 'rows that the end token of their prompt does not end').toBeGreaterThan(0);
  });

  it('beams: an end token in the prompt ends nothing; a generated one ends its row', async () => {
    let early = 0;
    for (const end of vocabulary) {
      const prompts = around(end);
      const { sequences } = await generate(model, prompts, { maxNewTokens: 6, eosTokenId: end,
        numBeams: 3, numReturnSequences: 3 });
      for (const [i, row] of sequences.entries()) {
        expect(row.slice(0, 3)).toEqual(prompts[Math.floor(i / 3)]);
        expect(row.length).toBeGreaterThan(3);
        expect(row).toEqual(upToEnd(row, 3, [end]));
        if (row.length < 9) expect(row.at(-1)).toBe(end);
        early += Number(row.length > 4 && row.length < 9);
      }
    }
    expect(early, 'rows that end in the midst').toBeGreaterThan(0);
  });

  it('of several end tokens the first to come ends the row, with and without beams', async () => {
    const prompt = [1, 2];
    const free = await one(prompt, { maxNewTokens: 8, eosTokenId: null });
    const first = free[4]!;
    const later = free.find((id, t) => t > 4 && !free.slice(2, t).includes(id))!;
    expect(later, 'a token that comes for the first time after the other').toBeDefined();
    for (const eosTokenId of [[first, later], [later, first]]) {
      expect(await one(prompt, { maxNewTokens: 8, eosTokenId }))
        .toEqual(upToEnd(free, 2, [first]));
      for (let seed = 0; seed < 20; seed++) {
        const row = await one(prompt, { maxNewTokens: 8, eosTokenId, numBeams: 3, doSample: true,
          seed });
        expect(row).toEqual(upToEnd(row, 2, eosTokenId));
        if (row.length < 10) expect(eosTokenId).toContain(row.at(-1));
      }
    }
    const only = { maxNewTokens: 8, numBeams: 3 };
    expect(await one(prompt, { ...only, eosTokenId: [first] }))
      .toEqual(await one(prompt, { ...only, eosTokenId: first }));
    await expect(one([1], { eosTokenId: [1, 11] })).rejects.toThrow(
      'eosTokenId must be an integer from 0 to 10, got 11',
    );
  });

  it('an end token of the configuration outside the vocabulary does no harm', async () => {
    const odd = (await GPT.create({ ...config, eosTokenId: 50256 }, 3)).eval();
    // it never comes, and as padding it would be refused
    const { sequences } = await generate(odd, [[1], [2, 3]], { maxNewTokens: 3 });
    expect(sequences.map((row) => row.length)).toEqual([4, 5]);
    odd.dispose();
  });

  it('rows that end at different steps keep their own lengths', async () => {
    const prompts = [[1], [2, 3], [4, 5, 6], [7]];
    const free = (await generate(model, prompts, { maxNewTokens: 8, eosTokenId: null })).sequences;
    let most = 0; // different lengths in one batch
    for (const end of vocabulary) {
      const { sequences } = await generate(model, prompts, { maxNewTokens: 8, eosTokenId: end });
      expect(sequences).toEqual(free.map((row, i) => upToEnd(row, prompts[i]!.length, [end])));
      const added = sequences.map((row, i) => row.length - prompts[i]!.length);
      most = Math.max(most, new Set(added).size);
    }
    expect(most).toBeGreaterThan(2);
  });

  it('a short prompt goes on to its own edge of the context after a long one ended', async () => {
    const long = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const end = (await one(long, { maxNewTokens: 1, eosTokenId: null })).at(-1)!;
    // the padding of the short one reaches the edge first
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

  it('sequences of one prompt, and equal prompts, differ; the seed decides them', async () => {
    const options = { maxNewTokens: 10, doSample: true, numReturnSequences: 4, seed: 5 };
    const { sequences } = await generate(model, [[1], [1]], options);
    expect(new Set(sequences.map(String)).size).toBe(8);
    expect((await generate(model, [[1], [1]], options)).sequences).toEqual(sequences);
    expect((await generate(model, [[1], [1]], { ...options, seed: 6 })).sequences).not.toEqual(
      sequences,
    );
  });

  it('streams each token with its row, in the order in which they come', async () => {
    const streamed: number[][] = [[1], [2, 3]];
    const { sequences } = await generate(model, [[1], [2, 3]], { maxNewTokens: 5,
      onToken: (token, row) => streamed[row]!.push(token) });
    expect(streamed).toEqual(sequences);
  });

  it('uses a cache unless useCache is false: the prompt first, then one token a pass', async () => {
    const widths = async (options: GenerateOptions): Promise<number[]> =>
      (await watchPasses(
        model,
        () => one([1, 2, 3], { maxNewTokens: 4, eosTokenId: null, ...options }),
      )).map(({ seq }) => seq);
    expect(await widths({})).toEqual([3, 1, 1, 1]);
    expect(await widths({ useCache: false })).toEqual([3, 4, 5, 6]);
  });

  it('stops between two tokens when its signal is aborted', async () => {
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
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
  });
});

describe('beams without repeated n-grams', () => {
  /**
   * Log-probability of each sequence of `length` tokens after `prompt` in which no pair is
   * repeated, most probable first.
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

  it('with room for all sequences find the best, though some beams have no way on', async () => {
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

  it('are an error only if no beam can go on', async () => {
    const small = (await GPT.create({ ...config, vocabSize: 2 }, 4)).eval();
    const never = generate(small, [[0, 1]], { numBeams: 3, noRepeatNgramSize: 1,
      eosTokenId: null });
    await expect(never).rejects.toThrow(
      'noRepeatNgramSize 1 leaves no token that could follow; make it larger',
    );
    small.dispose();
  });
});

describe('an invalid option is refused with the allowed range', () => {
  it.each<[object, string]>([
    [{ temperature: -1 }, 'temperature must be a number of at least 0, got -1'],
    [{ topP: 1.1 }, 'topP must be a number from 0 to 1, got 1.1'],
    [{ minP: Number.NaN }, 'minP must be a number from 0 to 1, got NaN'],
    [{ topK: 2.5 }, 'topK must be an integer of at least 0, got 2.5'],
    [{ repetitionPenalty: 0 }, 'repetitionPenalty must be a number above 0, got 0'],
    [{ maxNewTokens: -1 }, 'maxNewTokens must be an integer of at least 0, got -1'],
    [{ numBeams: 0 }, 'numBeams must be an integer from 1 to 1000, got 0'],
    [{ numReturnSequences: 2 }, 'numReturnSequences must be at most numBeams (1)'],
    [{ max_new_tokens: 3 }, 'unknown option max_new_tokens (did you mean maxNewTokens?)'],
    [{ eosTokenId: 11 }, 'eosTokenId must be an integer from 0 to 10, got 11'],
    [{ numBeams: 2, onToken: () => undefined }, 'onToken needs numBeams 1'],
    [{ seed: -1 }, 'seed must be an integer of at least 0, got -1'],
    [{ doSample: 'yes' }, 'doSample must be true or false, got "yes"'],
    [{ useCache: 0 }, 'useCache must be true or false, got 0'],
    [
      { numBeams: 2, earlyStopping: 'sometimes' },
      'earlyStopping must be true, false or \'never\', got "sometimes"',
    ],
    [{ eosTokenId: '3' }, 'eosTokenId must be a token id, a list of them or null, got "3"'],
    [
      { eosTokenId: [1, 2.5] },
      'eosTokenId must be a token id, a list of them or null, got [1,2.5]',
    ],
    [{ padTokenId: 1.5 }, 'padTokenId must be a token id, got 1.5'],
    [{ signal: {} }, 'signal must be an AbortSignal, got {}'],
    [{ onToken: 'print' }, 'onToken must be a function, got "print"'],
  ])('%j', async (options, message) => {
    const before = tf.memory().numTensors;
    await expect(generate(model, [[1]], options as GenerateOptions)).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
  });

  it('and so are no prompts, an empty one, a flat one, ids outside the vocabulary', async () => {
    await expect(generate(model, [])).rejects.toThrow('at least one prompt');
    await expect(generate(model, [[1], []])).rejects.toThrow('prompt 1 is empty');
    await expect(generate(model, [1, 2] as unknown as number[][])).rejects.toThrow('number[][]');
    await expect(generate(model, [[11]])).rejects.toThrow('from 0 to 10, got 11');
    // also in front of the most recent tokens, which are all that the model reads
    const beyond = [11, ...new Array<number>(config.nPositions).fill(1)];
    await expect(generate(model, [[1], beyond])).rejects.toThrow('got 11 in row 1 at position 0');
  });

  const holed = <T>(length: number, items: Record<number, T>): T[] =>
    Object.assign(new Array<T>(length), items);
  it.each<[string, unknown, object, string]>([
    ['a prompt with a hole', [holed(2, { 1: 1 })], {}, 'got undefined in row 0 at position 0'],
    ['a hole among the prompts', holed(2, { 0: [1] }), {}, 'prompts must be lists of token ids'],
    [
      'end tokens with a hole',
      [[1]],
      { eosTokenId: holed(2, { 1: 3 }) },
      'eosTokenId must be a token id, a list of them or null, got [null,3]',
    ],
  ])('and %s', async (_, prompts, options, message) => {
    await expect(generate(model, prompts as number[][], options)).rejects.toThrow(message);
  });

  it('and what is checked is used, also where a getter gives something else later', async () => {
    let reads = 0;
    const then = <T>(...values: T[]): () => T => () => values[Math.min(reads++, 1)]!;
    const prompt = Object.defineProperty([1, 2], 0, { get: then(1, 99), enumerable: true });
    const { sequences } = await generate(model, [prompt], { maxNewTokens: 1 });
    expect(sequences[0]!.slice(0, 2)).toEqual([1, 2]);
    expect(reads).toBe(1);
    reads = 0;
    const options = Object.defineProperty({}, 'maxNewTokens', { get: then(1, -1),
      enumerable: true });
    expect((await generate(model, [[1]], options)).sequences[0]).toHaveLength(2);
    expect(reads).toBe(1);
  });

  it('and a model in training mode', async () => {
    model.train();
    await expect(generate(model, [[1]])).rejects.toThrow('call model.eval() first');
    model.eval();
  });
});

describe('callbacks that fail', () => {
  it('leave no rejection without a handler, one thrown and one of a promise', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown): number => unhandled.push(reason);
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', listen);
    const onToken = (_: number, row: number): unknown => {
      if (row === 0) return Promise.reject(new Error('of a promise'));
      throw new Error('thrown');
    };
    try {
      await expect(generate(model, [[1], [2]], { onToken, maxNewTokens: 1 })).rejects.toThrow(
        /of a promise|thrown/,
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      process.off('unhandledRejection', listen);
      others.forEach((other) => process.on('unhandledRejection', other));
    }
    expect(unhandled).toEqual([]);
  });
});
