import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextTokenProbabilities } from '../../lib/index';

const log = (probabilities: number[]): number[] =>
  probabilities.map((p) => (p === 0 ? -Infinity : Math.log(p)));
const kept = (probabilities: Float32Array): number[] =>
  [...probabilities.keys()].filter((id) => probabilities[id]! > 0);
const logits = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1,
  maxLength: 12 });

describe('the distribution of the next token', () => {
  it('sums to 1 and is never empty, for any settings', () => {
    const options = fc.record({
      temperature: fc.double({ min: 0, max: 5, noNaN: true }),
      topK: fc.nat(15),
      topP: fc.double({ min: 0, max: 1, noNaN: true }),
      minP: fc.double({ min: 0, max: 1, noNaN: true }),
      repetitionPenalty: fc.double({ min: 0.1, max: 5, noNaN: true }),
    });
    fc.assert(
      fc.property(logits, options, (scores, chosen) => {
        const probabilities = nextTokenProbabilities(scores, chosen, [0]);
        expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
      }),
      { seed: 1 },
    );
  });

  it('nucleus: the smallest set that reaches P, the token that crosses it included', () => {
    const four = log([0.5, 0.3, 0.15, 0.05]);
    // 0.5 alone does not reach 0.6
    expect(kept(nextTokenProbabilities(four, { topP: 0.6 }))).toEqual([0, 1]);
    expect(kept(nextTokenProbabilities(four, { topP: 0.2 }))).toEqual([0]);
    expect(kept(nextTokenProbabilities(four, { topP: 0 }))).toEqual([0]);
    expect(kept(nextTokenProbabilities(four, { topP: 1 }))).toEqual([0, 1, 2, 3]);
    fc.assert(
      fc.property(logits, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (scores, p) => {
        const full = nextTokenProbabilities(scores);
        const set = kept(nextTokenProbabilities(scores, { topP: p }));
        const mass = set.reduce((sum, id) => sum + full[id]!, 0);
        const least = Math.min(...set.map((id) => full[id]!));
        expect(mass).toBeGreaterThan(p - 1e-6);
        if (set.length > 1) expect(mass - least).toBeLessThan(p + 1e-6);
      }),
      { seed: 1 },
    );
  });

  it('top-k keeps k tokens and ties with the last; a k above the vocabulary keeps all', () => {
    expect(kept(nextTokenProbabilities([3, 1, 2], { topK: 2 }))).toEqual([0, 2]);
    expect(kept(nextTokenProbabilities([3, 2, 2], { topK: 2 }))).toEqual([0, 1, 2]);
    expect(kept(nextTokenProbabilities([3, 1, 2], { topK: 99 }))).toEqual([0, 1, 2]);
  });

  it('temperature 0 takes the first of the most likely; a tiny one gives a distribution', () => {
    expect([...nextTokenProbabilities([1, 5, 5], { temperature: 0 })]).toEqual([0, 1, 0]);
    expect([...nextTokenProbabilities([1, 5, 5], { temperature: 1e-300 })]).toEqual([0, 0.5, 0.5]);
  });

  it('a repetition penalty lowers positive and negative logits; banned n-grams get 0', () => {
    const plain = nextTokenProbabilities([2, -2, 0]);
    const punished = nextTokenProbabilities([2, -2, 0], { repetitionPenalty: 2 }, [0, 1]);
    expect(punished[0]).toBeLessThan(plain[0]!);
    expect(punished[1]).toBeLessThan(plain[1]!);
    expect([...nextTokenProbabilities([0, 0, 0], { noRepeatNgramSize: 2 }, [0, 1, 0])]).toEqual([
      0.5,
      0,
      0.5,
    ]);
    expect([...nextTokenProbabilities([0, 0], { noRepeatNgramSize: 1 }, [1])]).toEqual([1, 0]);
    expect(() => nextTokenProbabilities([0, 0], { noRepeatNgramSize: 1 }, [0, 1])).toThrow(
      'leaves no token that could follow',
    );
  });

  it('settings of sampling have no effect with doSample false', () => {
    expect(nextTokenProbabilities([1, 2], { doSample: false, temperature: 9, topK: 1 })).toEqual(
      nextTokenProbabilities([1, 2]),
    );
  });

  it('refuses previous ids outside the vocabulary of the logits', () => {
    expect(() => nextTokenProbabilities([1, 2], { repetitionPenalty: 2 }, [0, 2])).toThrow(
      'from 0 to 1, got 2',
    );
    expect(() => nextTokenProbabilities([1, 2], {}, [-1])).toThrow('from 0 to 1, got -1');
  });

  it('refuses logits that give no distribution, and says which', () => {
    expect(() => nextTokenProbabilities([1, Number.NaN])).toThrow('got NaN for token 1');
    expect(() => nextTokenProbabilities([Infinity])).toThrow('got Infinity for token 0');
    expect(() => nextTokenProbabilities([-Infinity, -Infinity])).toThrow(
      'at least one token must be possible',
    );
    expect(() => nextTokenProbabilities([])).toThrow('at least one number');
    expect([...nextTokenProbabilities([-Infinity, 0])]).toEqual([0, 1]);
  });
});
