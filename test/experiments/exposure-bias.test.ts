import { beforeAll, describe, expect, it } from 'vitest';
import { compareWithTruth, generate, GPT, lossPerPosition, mostProbable,
  predictNext } from '../../lib/index';

let model: GPT;
const references = [[1, 2, 3, 4, 5, 6], [3, 1, 4, 1, 5, 9]];
beforeAll(async () => {
  model =
    (await GPT.create({ nLayer: 1, nHead: 2, nEmbd: 16, nPositions: 8, vocabSize: 11,
      initializerRange: 0.3 }, 4)).eval();
});

describe('teacher forcing and free running', () => {
  it('have, with teacher forcing, the losses of one parallel pass', async () => {
    const forced = await compareWithTruth(model, references, { promptLength: 2,
      freeRunning: false });
    const batch = { inputIds: references.map((r) => r.slice(0, -1)),
      targets: references.map((r) => r.slice(1)) };
    const losses = await lossPerPosition(model, batch);
    forced.loss.forEach((loss, step) =>
      expect(loss).toBeCloseTo((losses[0]![step + 1]! + losses[1]![step + 1]!) / 2, 5)
    );
    expect(forced.read).toEqual(references);
  });

  it('read, running free and greedy, what generate writes', async () => {
    const free = await compareWithTruth(model, references, { promptLength: 2, freeRunning: true });
    const { sequences } = await generate(model, references.map((r) => r.slice(0, 2)), {
      maxNewTokens: 4,
      eosTokenId: null,
    });
    expect(free.read).toEqual(sequences);
  });

  it('have the same first step, since both have read the prompt', async () => {
    const [forced, free] = await Promise.all(
      [false, true].map((freeRunning) =>
        compareWithTruth(model, references, { promptLength: 3, freeRunning, temperature: 1,
          seed: 1 })
      ),
    );
    expect(free!.loss[0]).toBe(forced!.loss[0]);
    expect(free!.loss).toHaveLength(3);
  });

  it('refuse references of unequal length or without tokens, and long prompts', async () => {
    await expect(compareWithTruth(model, [[1, 2], [1]], { promptLength: 1, freeRunning: true }))
      .rejects.toThrow('references must be all of one length, got [2,1]');
    await expect(compareWithTruth(model, references, { promptLength: 6, freeRunning: true }))
      .rejects.toThrow('promptLength must be an integer from 1 to 5, got 6');
    await expect(compareWithTruth(model, [[1, 999]], { promptLength: 1, freeRunning: false }))
      .rejects.toThrow(/token ids must be integers from 0 to \d+, got 999/);
  });
});

describe('the next token', () => {
  it('is predicted from the whole text, after the requested processors', async () => {
    const plain = await predictNext(model, [1, 2, 3]);
    const sharp = await predictNext(model, [1, 2, 3], { temperature: 0 });
    expect(plain.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    expect(mostProbable(sharp, 1)).toEqual(mostProbable(plain, 1));
    expect(mostProbable([0.2, 0.5, 0.2, 0.1], 3)).toEqual([1, 0, 2]);
  });
});
