import { describe, expect, it } from 'vitest';
import { exactFillIn, GPT, type KeepOrder, language, maskedBatches, maskPredict, modelFillIn,
  Random, wordTokenizer } from '../../lib/index';

const prompt = ['The', 'reviewer', 'merged', 'the', 'change'];
// "to the main branch ." and "for the last release .", 50 % each
const completions = language.completions(prompt, 0.01);
const fillIn = exactFillIn(completions, wordTokenizer, 7);
const id = (word: string) => wordTokenizer.id(word);
const holes = new Array<null>(7).fill(null);
const isPossible = (ids: number[]) =>
  language.logProbability([
    ...prompt,
    ...ids.slice(0, ids.indexOf(wordTokenizer.eosTokenId) + 1).map((i) => wordTokenizer.token(i)),
  ]) > -Infinity;

describe('the exact distributions in a text with holes', () => {
  it('are, with holes only, the shares of the texts that have a word at a position', async () => {
    const [[first, second, third, , , , seventh]] = await fillIn([holes]) as [Float32Array[]];
    expect([
      first![id('to')],
      first![id('for')],
      second![id('the')],
      third![id('main')],
      third![id('last')],
      seventh![id('<eos>')],
    ])
      .toEqual([0.5, 0.5, 1, 0.5, 0.5, 1]);
    expect(first!.reduce((a, b) => a + b)).toBe(1);
  });

  it('are certain where a given word determines another one', async () => {
    const [text] = await fillIn([[null, null, id('last'), null, null, null, null]]);
    expect([text![0]![id('for')], text![3]![id('release')], text![0]![id('to')]]).toEqual([
      1,
      1,
      0,
    ]);
  });

  it('come from the texts that agree with most words, where words contradict', async () => {
    const [text] = await fillIn([[id('to'), null, id('last'), id('release'), null, null, null]]);
    expect(text![0]![id('for')]).toBe(1);
  });

  it('need a length that some text fits', () => {
    expect(() => exactFillIn(completions, wordTokenizer, 3)).toThrow('at most 3 words');
  });
});

describe('mask-predict', () => {
  it('samples positions independently in one pass: 2 of 8 mixtures are possible', async () => {
    const count = 2000;
    const texts = await maskPredict(fillIn, 7, { passes: 1, count, doSample: true, seed: 1 });
    const deviation = Math.sqrt(0.25 * 0.75 * count);
    expect(Math.abs(texts.filter(isPossible).length - count / 4)).toBeLessThan(4 * deviation);
    expect(new Set(texts.map(String)).size).toBe(8);
  });

  it('with a pass for each word never mixes two texts, and finds both', async () => {
    const texts = await maskPredict(fillIn, 7, { passes: 7, count: 200, doSample: true, seed: 1 });
    expect(texts.every(isPossible)).toBe(true);
    expect(new Set(texts.map(String)).size).toBe(2);
  });

  it('fills all, then the least certain, fewer from pass to pass', async () => {
    const filled: number[] = [];
    await maskPredict(fillIn, 7, { passes: 3, onPass: (_, now) =>
      filled.push(now[0]!.filter(Boolean).length) });
    expect(filled).toEqual([7, 4, 2]); // ⌊7 · 3/3⌋, ⌊7 · 2/3⌋, ⌊7 · 1/3⌋
  });

  it('throws kept tokens out by the rule of the paper, and mixes texts even so', async () => {
    const open = language.completions(['The', 'agent', 'opened', 'a', 'pull', 'request'], 0.01);
    const filler = exactFillIn(open, wordTokenizer, 6);
    const texts = open.filter(({ words }) => words.length <= 6).map(({ words }) => words.join(' '));
    const isText = (ids: number[]) => {
      const words = ids.map((i) => wordTokenizer.token(i)).join(' ');
      return texts.some((text) => (text + ' <eos>'.repeat(6)).startsWith(words));
    };
    const sample = (order?: KeepOrder) =>
      maskPredict(filler, 6, { passes: 6, count: 100, doSample: true, seed: 1, order });
    expect((await sample()).every(isText)).toBe(false);
    for (const order of ['certain', 'random', 'leftToRight', 'rightToLeft'] as const)
      expect((await sample(order)).every(isText), order).toBe(true);
  });

  it('keeps one more token for good in each pass, in the order that is given', async () => {
    const kept: string[] = [];
    const onPass = (_: number[][], [now]: boolean[][]) =>
      kept.push(now!.map((isHole) => isHole ? '_' : 'x').join(''));
    await maskPredict(fillIn, 7, { passes: 3, order: 'rightToLeft', onPass });
    expect(kept).toEqual(['_______', '____xxx', '__xxxxx']);
  });

  it('refuses an unknown order and an unknown option', async () => {
    const wrong = { passes: 2, order: 'uncertain' } as unknown as { passes: number };
    await expect(maskPredict(fillIn, 7, wrong)).rejects.toThrow(
      'order must be one of certain, random, leftToRight, rightToLeft, got "uncertain"',
    );
    const misspelt = { passes: 2, doSampel: true };
    await expect(maskPredict(fillIn, 7, misspelt)).rejects.toThrow('unknown option doSampel');
  });

  it('gives the same texts for the same seed, and each text its own random numbers', async () => {
    const sample = (count: number, seed: number) =>
      maskPredict(fillIn, 7, { passes: 2, count, seed, doSample: true });
    expect(await sample(5, 3)).toEqual((await sample(20, 3)).slice(0, 5));
    expect(await sample(20, 3)).not.toEqual(await sample(20, 4));
  });

  it('refuses 0 passes', async () => {
    await expect(maskPredict(fillIn, 7, { passes: 0 })).rejects.toThrow(
      'passes must be an integer from 1 to 100000, got 0',
    );
  });
});

describe('a model that fills holes', () => {
  it('gives a distribution at each position, which depends on words to the right', async () => {
    const model =
      (await GPT.create({ nLayer: 1, nHead: 2, nEmbd: 16, nPositions: 8, vocabSize: 11,
        initializerRange: 0.3 }, 4)).eval();
    const [one, other] = await modelFillIn(model, [5, 6], 0)([[null, 3, 4], [null, 3, 9]]);
    for (const place of one!) expect(place.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    expect([...one![0]!]).not.toEqual([...other![0]!]);
    const logits = model.forward([[5, 6, 0, 3, 4]], { causal: false });
    const row = (await logits.array())[0]![2]!; // the first position after the prompt
    expect(one![0]!.indexOf(Math.max(...one![0]!))).toBe(row.indexOf(Math.max(...row)));
  });
});

describe('batches with holes', () => {
  const rows = [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]];
  const batches = maskedBatches(rows, { batchSize: 50, random: new Random(2), maskId: 0,
    promptLength: 2 });

  it('hide from one to all words after the prompt; the target is the whole row', () => {
    const { inputIds, targets } = batches();
    const counts = inputIds.map((row) => row.filter((token) => token === 0).length);
    expect(new Set(counts)).toEqual(new Set([1, 2, 3]));
    inputIds.forEach((row, b) => {
      expect(rows).toContainEqual(targets[b]);
      expect(row.slice(0, 2)).toEqual(targets[b]!.slice(0, 2));
      row.forEach((token, i) => expect([0, targets[b]![i]]).toContain(token));
    });
  });

  it('refuse a prompt that leaves nothing to hide, and rows of different lengths', () => {
    const options = { batchSize: 1, random: new Random(2), maskId: 0 };
    expect(() => maskedBatches(rows, { ...options, promptLength: 5 })).toThrow(
      'promptLength must be an integer from 0 to 4, got 5',
    );
    expect(() => maskedBatches([[1, 2], [1]], { ...options, promptLength: 1 })).toThrow(
      'rows must be all of one length, got [2,1]',
    );
  });
});
