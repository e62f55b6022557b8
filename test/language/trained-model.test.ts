import { statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { entropyFloor, GPT, language, languageCorpus, meanLoss, packedBatches, predictNext,
  PULL_REQUESTS, Random, wordTokenizer } from '../../lib/index';

let model: GPT;
beforeAll(async () => {
  model = await GPT.load(PULL_REQUESTS);
});
const probability = async (prompt: string, word: string): Promise<number> =>
  (await predictNext(model, wordTokenizer.encode(prompt)))[wordTokenizer.id(word)]!;

describe('the trained checkpoint', () => {
  it('takes at most 2 MB and has the vocabulary of the little language', () => {
    expect(statSync(join(PULL_REQUESTS, 'model.safetensors')).size).toBeLessThan(2e6);
    expect(model.config.vocabSize).toBe(wordTokenizer.vocabSize);
    expect(model.config.eosTokenId).toBe(wordTokenizer.eosTokenId);
  });

  it('comes within 2 % of the entropy floor on sentences that it was not trained on', () => {
    const { validation } = languageCorpus();
    const rows = packedBatches(validation, { batchSize: 128, blockSize: 64,
      random: new Random(1) })();
    expect(meanLoss(model, rows).dataSync()[0]).toBeLessThan(1.02 * entropyFloor(rows));
  });

  it.each([
    ['The agent opened a pull request', 'for', 0.18],
    ['The agent opened a pull request', 'to', 0.12],
    ['The agent opened a pull request for', 'review', 0.34],
    ['The agent opened a pull request for', 'approval', 0.15],
  ])(
    'after "%s" gives "%s" the probability of the chapter, within 3 points',
    async (prompt, word, wanted) => {
      expect(language.nextWordProbabilities(prompt.split(' ')).get(word)).toBeCloseTo(wanted, 9);
      expect(Math.abs((await probability(prompt, word)) - wanted)).toBeLessThan(0.03);
    },
  );
});
