import { expect, it } from 'vitest';
import { nextLogits } from '../../lib/inference/next-logits';
import { generate } from '../../lib/inference/generate';
import { nextTokenProbabilities } from '../../lib/inference/processors';
import { GPT } from '../../lib/model/gpt';
import { surprise } from '../surprise';

const config = { nLayer: 1, nHead: 2, nEmbd: 8, nPositions: 16, vocabSize: 6,
  initializerRange: 0.4 };
const prompt = [2, 5];

it('beams sample without replacement, and the better wins, as often as computed', async () => {
  const model = (await GPT.create(config, 12)).eval();
  const options = { numBeams: 2, doSample: true, temperature: 1.5, maxNewTokens: 1,
    eosTokenId: null };
  const samples = 1500;
  const counts = new Map<string, number>();
  for (let seed = 0; seed < samples; seed++) {
    const { sequences: [best] } = await generate(model, [prompt], { ...options, seed });
    counts.set(best!.join(), (counts.get(best!.join()) ?? 0) + 1);
  }
  const [logits] = nextLogits(model, [prompt]);
  const p = nextTokenProbabilities(logits!, { temperature: 1.5 });
  const exact = new Map<string, number>();
  // two different tokens, in the order in which they are sampled
  p.forEach((first, a) =>
    p.forEach((second, b) => {
      if (a === b) return;
      const key = [...prompt, first >= second ? a : b].join();
      exact.set(key, (exact.get(key) ?? 0) + (first * second) / (1 - first));
    })
  );
  expect(surprise(counts, exact, samples)).toBeLessThan(4);
  const plain = new Map(Array.from(p, (q, token) => [[...prompt, token].join(), q]));
  // sampling without beams would be noticed
  expect(surprise(counts, plain, samples)).toBeGreaterThan(10);
  model.dispose();
});

it('beams with sampling give different sequences; the seed decides which', async () => {
  const model = (await GPT.create(config, 12)).eval();
  const run = async (seed: number): Promise<number[][]> => {
    const options = { numBeams: 4, numReturnSequences: 4, doSample: true, maxNewTokens: 5,
      eosTokenId: null, seed };
    return (await generate(model, [prompt], options)).sequences;
  };
  const sequences = await run(3);
  expect(sequences).toEqual(await run(3));
  expect(sequences).not.toEqual(await run(4));
  expect(new Set(sequences.map(String)).size).toBe(4);
  model.dispose();
});
