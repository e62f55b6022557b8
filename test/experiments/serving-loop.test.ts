/** The server's loop of 16.9 against `generate`, one request after the other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { gatherRows } from '../../lib/experiments/cached-rows';
import { serve, type ServerRequest } from '../../lib/experiments/serving-loop';
import { watchPasses } from '../../lib/experiments/watch-passes';
import { generate } from '../../lib/inference/generate';
import { GPT, PULL_REQUESTS, Random, tf, wordTokenizer } from '../../lib/index';

const small = { nLayer: 2, nHead: 2, nEmbd: 8, nPositions: 16, vocabSize: 9,
  initializerRange: 0.5 };

/** The requests one by one, with the library's loop. */
async function oneByOne(model: GPT, requests: readonly ServerRequest[]): Promise<number[][]> {
  const texts: number[][] = [];
  for (const { prompt, ...options } of requests)
    texts.push(...(await generate(model, [prompt], options)).sequences);
  return texts;
}

/** Prompts with few different tokens, so that many begin alike. */
const request = fc.record({
  prompt: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 9 }),
  maxNewTokens: fc.nat(7),
  doSample: fc.boolean(),
  seed: fc.nat(3),
  eosTokenId: fc.constantFrom(null, 0, 4),
  repetitionPenalty: fc.constantFrom(1, 1.3),
});
const options = fc.record({ slots: fc.integer({ min: 1, max: 4 }),
  chunk: fc.integer({ min: 1, max: 5 }), kept: fc.nat(3) });

describe('the serving loop', () => {
  let model: GPT;
  beforeAll(async () => {
    model = (await GPT.create(small, 4)).eval();
  });

  it(
    'gives each request the text of generate, token for token, whatever shares its passes',
    () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(request, { maxLength: 7 }),
          options,
          async (requests, settings) => {
            const { sequences } = await serve(model, requests, settings);
            expect(sequences).toEqual(await oneByOne(model, requests));
          },
        ),
        { numRuns: 60, seed: 16 },
      ),
    120_000,
  );

  it('counts its passes and tokens as they are', async () => {
    const requests = [[1, 2, 1, 0, 2], [1, 2, 1, 1], [2]].map((prompt, n) => ({ prompt,
      maxNewTokens: 3 + n, eosTokenId: null })
    );
    let served: Awaited<ReturnType<typeof serve>> | undefined;
    const seen = await watchPasses(model, async () => {
      served = await serve(model, requests, { slots: 2, chunk: 2 });
    });
    expect(served!.passes.map(({ requests: rows, tokens }) => [rows.length, tokens])).toEqual(
      seen.map(({ batch, seq }) => [batch, seq]),
    );
    const of = (index: number, kind: string) =>
      served!.passes.filter((pass) => pass.kind === kind && pass.requests.includes(index));
    // five tokens in chunks of 2, 2, 1; of the second prompt only the last differs; one token
    expect([0, 1, 2].map((n) => of(n, 'read').map(({ tokens }) => tokens))).toEqual([[2, 2, 1], [
      1,
    ], [1]]);
    expect(served!.reused).toBe(3);
    // the last pass over a prompt gives the first new token
    expect([0, 1, 2].map((n) => of(n, 'write').length)).toEqual([2, 3, 4]);
    expect(Math.max(...served!.passes.map(({ requests: rows }) => rows.length))).toBe(2);
  });

  it('leaves nothing behind in memory, also when it fails', async () => {
    const requests = [{ prompt: [1, 2], maxNewTokens: 4, eosTokenId: null }, { prompt: [1, 2, 2],
      maxNewTokens: 5, eosTokenId: null, onToken: (): void => {
        throw new Error('the client is gone');
      } }];
    const before = tf.memory().numTensors;
    await serve(model, requests.slice(0, 1));
    await expect(serve(model, requests)).rejects.toThrow('the client is gone');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses what it cannot serve before anything is computed', async () => {
    const prompt = [1, 2];
    const long = { prompt, maxNewTokens: 15 };
    await expect(serve(model, [{ prompt, maxNewTokens: 2 }, long])).rejects.toThrow(
      'prompt and maxNewTokens of request 1 must be at most 16, got 17',
    );
    await expect(serve(model, [], { slots: 0 })).rejects.toThrow('slots');
    await expect(serve(model, [], { slot: 2 } as object)).rejects.toThrow(
      'unknown option slot (did you mean slots?); known are slots, chunk, kept',
    );
    const beams = [
      { prompt: [1], maxNewTokens: 1 },
      { prompt: [1], maxNewTokens: 1, numBeams: 2 } as ServerRequest,
    ];
    await expect(serve(model, beams)).rejects.toThrow(
      'the options of request 1 must be those of one text, got "numBeams"',
    );
    await expect(serve(model, [{ prompt: [] }])).rejects.toThrow(RangeError);
    await expect(serve(model.train(), [{ prompt, maxNewTokens: 2 }])).rejects.toThrow('eval()');
    model.eval();
  });

  it('is a loop of at most 60 lines', () => {
    const file = join(__dirname, '..', '..', 'lib', 'experiments', 'serving-loop.ts');
    const [, body = ''] = /^(export async function serve[^]*?^\})/m.exec(readFileSync(file, 'utf8'))
      ?? [];
    expect(body.split('\n').length).toBeGreaterThan(20);
    expect(body.split('\n').length).toBeLessThanOrEqual(60);
  });

  it("serves the course's model as generate does, with fewer passes and fewer tokens", async () => {
    const trained = await GPT.load(PULL_REQUESTS);
    const random = new Random(16);
    const system = 'The agent opened a pull request for review . <eos> '.repeat(2);
    const asked = ['The', 'The agents', 'Summarize', 'The agent waited', 'The tests'];
    const requests = Array.from(
      { length: 12 },
      (_, n) => ({ doSample: n % 2 === 1, seed: n, maxNewTokens: 4 + random.integer(30),
        prompt: wordTokenizer.encode(system + asked[n % asked.length]!) }),
    );
    const { sequences, passes } = await serve(trained, requests);
    const alone: { seq: number }[] = await watchPasses(trained, async () => {
      expect(sequences).toEqual(await oneByOne(trained, requests));
    });
    expect(passes.length).toBeLessThan(alone.length);
    const read = passes.reduce((sum, pass) => sum + pass.requests.length * pass.tokens, 0);
    expect(read).toBeLessThan(alone.reduce((sum, { seq }) => sum + seq, 0));
  });
});

describe('gatherRows', () => {
  it('needs a row', async () => {
    const model = (await GPT.create(small, 1)).eval();
    expect(() => gatherRows(model, [])).toThrow('rows must be at least one');
  });
});
