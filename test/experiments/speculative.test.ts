import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { nextLogits } from '../../lib/inference/next-logits';
import { generate } from '../../lib/inference/generate';
import { nextTokenProbabilities } from '../../lib/inference/processors';
import { acceptance, generateSpeculative, residual,
  type SpeculativeOptions } from '../../lib/experiments/speculative';
import { GPT } from '../../lib/model/gpt';
import { surprise } from '../surprise';

const small = { nLayer: 1, nHead: 2, nEmbd: 8, nPositions: 12, vocabSize: 7,
  initializerRange: 0.5 };
const create = async (seed: number, config = {}): Promise<GPT> =>
  (await GPT.create({ ...small, ...config }, seed)).eval();

/** Weights of a distribution, some of them 0, at least one not. */
const distribution = fc.array(fc.nat(20), { minLength: 5, maxLength: 5 }).filter((w) =>
  w.some((v) => v > 0)
)
  .map((weights) => weights.map((w) => w / weights.reduce((a, b) => a + b)));

describe('the acceptance rule', () => {
  it('turns samples of any draft into samples of the target, by an exact sum', () => {
    fc.assert(fc.property(distribution, distribution, (target, draft) => {
      const out = target.map(() => 0);
      draft.forEach((q, token) => {
        if (q === 0) return; // never proposed
        const accepted = acceptance(target, draft, token);
        out[token]! += q * accepted;
        if (accepted < 1)
          residual(target, draft).forEach((r, other) => {
            out[other]! += q * (1 - accepted) * r;
          });
      });
      out.forEach((p, token) => expect(p).toBeCloseTo(target[token]!, 12));
    }));
  });

  it('accepts all tokens of a draft that equals the target, and none that it excludes', () => {
    expect([0, 1].map((token) => acceptance([0.4, 0.6], [0.4, 0.6], token))).toEqual([1, 1]);
    expect(acceptance([0, 1], [1, 0], 0)).toBe(0);
    expect(Array.from(residual([0, 1], [1, 0]))).toEqual([0, 1]);
  });
});

describe('greedy speculative decoding', () => {
  it('gives the tokens of plain greedy decoding, also beyond the context', async () => {
    const models = await Promise.all([
      create(1),
      create(2, { nPositions: 9 }),
      create(3, { nLayer: 2 }),
    ]);
    const options = fc.record({
      maxNewTokens: fc.nat(14),
      numAssistantTokens: fc.integer({ min: 1, max: 6 }),
      eosTokenId: fc.constantFrom(null, 0, 1, 2, 3),
      repetitionPenalty: fc.constantFrom(0.8, 1, 1.4),
    });
    const prompts = fc.array(fc.array(fc.nat(6), { minLength: 1, maxLength: 14 }), { minLength: 1,
      maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(2), prompts, options, async (m, d, batch, chosen) => {
        const { numAssistantTokens, ...plain } = chosen;
        const found = await generateSpeculative(models[m]!, models[d]!, batch, { numAssistantTokens,
          ...plain });
        expect(found.sequences).toEqual((await generate(models[m]!, batch, plain)).sequences);
        expect(found.accepted).toBeLessThanOrEqual(found.proposed);
      }),
      { numRuns: 80, seed: 16 },
    );
  });

  it('with the model as its own draft accepts every proposal, with one pass a round', async () => {
    const model = await create(4, { nPositions: 64 });
    const found = await generateSpeculative(model, model, [[1, 2]], { maxNewTokens: 30,
      numAssistantTokens: 5, eosTokenId: null });
    expect(found).toMatchObject({ proposed: 25, accepted: 25, acceptanceRate: 1, passes: 5 });
  });

  it('counts proposed and accepted tokens, and reports each token once, in order', async () => {
    const [model, draft] = [
      await create(5, { nPositions: 64 }),
      await create(6, { nPositions: 64 }),
    ];
    const told: number[] = [];
    const found = await generateSpeculative(model, draft, [[3]], { maxNewTokens: 40,
      eosTokenId: null, onToken: (token) => told.push(token) });
    expect(told).toEqual(found.sequences[0]!.slice(1));
    expect(found.acceptanceRate).toBe(found.accepted / found.proposed);
    expect(found.acceptanceRate).toBeLessThan(1);
    expect(found.accepted + found.passes).toBe(40); // each pass adds one token of the model itself
  });
});

describe('sampled speculative decoding', () => {
  const tiny = { vocabSize: 4, nPositions: 16 };
  const prompt = [1, 3];
  let model: GPT;
  let draft: GPT;
  beforeAll(async () => {
    [model, draft] = [await create(7, tiny), await create(8, { ...tiny, nEmbd: 4 })];
  });

  /**
   * Exact probability of each continuation of `length` tokens, or shorter where the end token
   * comes.
   */
  function enumerate(of: GPT, options: SpeculativeOptions, length: number): Map<string, number> {
    let open: [ids: number[], p: number][] = [[prompt, 1]];
    const result = new Map<string, number>();
    for (let step = 1; step <= length; step++) {
      const next: typeof open = [];
      for (const [ids, p] of open) {
        const [logits] = nextLogits(of, [ids]);
        const { temperature, topP, repetitionPenalty } = options;
        nextTokenProbabilities(logits!, { temperature, topP, repetitionPenalty }, ids).forEach(
          (q, token) => {
            if (q === 0) return;
            const ended = step === length || token === options.eosTokenId;
            if (ended) result.set([...ids, token].join(), p * q);
            else next.push([[...ids, token], p * q]);
          },
        );
      }
      open = next;
    }
    return result;
  }

  it.each<[number, SpeculativeOptions]>([
    [2, { numAssistantTokens: 1, eosTokenId: null }],
    [2, { numAssistantTokens: 3, eosTokenId: null, temperature: 1.4 }],
    [3, { numAssistantTokens: 2, eosTokenId: null }],
    [3, { numAssistantTokens: 2, eosTokenId: 0, temperature: 0.8, topP: 0.9,
      repetitionPenalty: 1.3 }],
  ])('%i tokens with %o come as often as exact probabilities say', async (length, options) => {
    const samples = 2500;
    const request = { ...options, doSample: true, maxNewTokens: length, numReturnSequences: samples,
      seed: 16 };
    const { sequences, acceptanceRate } = await generateSpeculative(
      model,
      draft,
      [prompt],
      request,
    );
    const counts = new Map<string, number>();
    for (const ids of sequences) counts.set(ids.join(), (counts.get(ids.join()) ?? 0) + 1);
    const exact = enumerate(model, options, length);
    expect([...counts.keys()].filter((key) => !exact.has(key))).toEqual([]);
    expect(surprise(counts, exact, samples)).toBeLessThan(4); // one seed in 30,000 would fail
    // the distribution of the draft would be noticed
    expect(surprise(counts, enumerate(draft, options, length), samples)).toBeGreaterThan(10);
    expect(acceptanceRate).toBeGreaterThan(0.2);
    expect(acceptanceRate).toBeLessThan(1);
  });

  it('gives the same tokens for the same seed, and different ones for another', async () => {
    const run = async (seed: number): Promise<number[][]> =>
      (await generateSpeculative(model, draft, [prompt], { doSample: true, maxNewTokens: 20,
        seed })).sequences;
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });
});

describe('speculative decoding refuses', () => {
  it('drafts with a different vocabulary or in training mode, and invalid options', async () => {
    const model = await create(9);
    const other = await create(10, { vocabSize: 8 });
    await expect(generateSpeculative(model, other, [[1]])).rejects.toThrow(
      'vocabSize of the draft must be that of the model, 7, got 8',
    );
    await expect(generateSpeculative(model, (await create(11)).train(), [[1]])).rejects.toThrow(
      'the draft is in training mode',
    );
    await expect(generateSpeculative(model, model, [[1]], { numAssistantTokens: 0 })).rejects
      .toThrow('numAssistantTokens must be an integer of at least 1, got 0');
    await expect(generateSpeculative(model, model, [[]])).rejects.toThrow(
      'a prompt must hold at least one token',
    );
    await expect(generateSpeculative(model, model, [[1]], { numBeams: 2 } as SpeculativeOptions))
      .rejects.toThrow('has neither beams nor a cache; leave numBeams out');
    for (const unused of [{ lengthPenalty: 2 }, { earlyStopping: true }, { useCache: false }]) {
      await expect(generateSpeculative(model, model, [[1]], unused as SpeculativeOptions))
        .rejects.toThrow(`leave ${Object.keys(unused)[0]} out`);
    }
    const signal = AbortSignal.abort();
    await expect(generateSpeculative(model, model, [[1]], { signal })).rejects.toThrow('aborted');
  });
});
