import { describe, expect, it } from 'vitest';
import { Random } from '../../lib/base/random';
import { ExactLanguage } from '../../lib/language/exact-language';
import { EOS } from '../../lib/text/tokenizer';
import { language } from '../../lib/language/little-language';
import { pullRequestRules } from '../../lib/language/pull-request-rules';
import { enumerateSentences, prefixMasses } from './enumerate-sentences';

const { sentences, remainder } = enumerateSentences(pullRequestRules, 180);
const masses = prefixMasses(sentences);
const split = (text: string): string[] => (text === '' ? [] : text.split(' '));

/**
 * A grammar in which one beginning has several derivations, and each word changes their
 * probabilities.
 */
const coins = new ExactLanguage({
  sentence: [[50, '{fair} {fair} {fair} .'], [50, '{bent} {bent} {bent} !']],
  fair: [[50, 'heads'], [50, 'tails']],
  bent: [[90, 'heads'], [10, 'tails']],
});

describe('exact probabilities against the enumeration of all derivations', () => {
  it('enumerates all but a billionth of the probability', () => {
    expect(remainder).toBeLessThan(1e-9);
    expect([...sentences.values()].reduce((a, b) => a + b, remainder)).toBeCloseTo(1, 10);
  });

  it('agrees on the next word after every prefix that is not very rare', () => {
    let compared = 0;
    for (const [prefix, mass] of masses) {
      if (mass < 1e-5 || prefix.endsWith(EOS)) continue;
      const probabilities = language.nextWordProbabilities(split(prefix));
      let total = 0;
      for (const [word, probability] of probabilities) {
        const joint = masses.get(prefix === '' ? word : `${prefix} ${word}`) ?? 0;
        // The mass that was left out, and 1e-10 for sums of some 10,000 rounded numbers.
        expect(Math.abs(joint / mass - probability)).toBeLessThanOrEqual(
          (2 * remainder) / mass + 1e-10,
        );
        total += probability;
      }
      expect(total).toBeCloseTo(1, 12);
      compared++;
    }
    expect(compared).toBeGreaterThan(1000);
  });

  it('agrees on the probability of whole sentences', () => {
    let compared = 0;
    for (const [sentence, probability] of sentences) {
      if (probability < 1e-4) continue;
      expect(language.sentenceProbability(split(sentence)) / probability).toBeCloseTo(1, 10);
      expect(language.logProbability(split(sentence))).toBeCloseTo(Math.log(probability), 10);
      compared++;
    }
    expect(compared).toBeGreaterThan(500);
    expect(language.sentenceProbability(['The', 'agent', '.'])).toBe(0);
    expect(language.logProbability(['The', 'agent', '.'])).toBe(-Infinity);
  });

  it('has the entropy rate of the chain rule: entropy of a sentence over its mean length', () => {
    let nats = 0;
    let tokens = 0;
    for (const [sentence, probability] of sentences) {
      nats -= probability * Math.log(probability);
      tokens += probability * split(sentence).length;
    }
    // what was left out is long: a mass of 1e-9, 180 tokens each
    expect(language.meanLength).toBeCloseTo(tokens, 5);
    expect(language.entropyRate).toBeCloseTo(nats / tokens, 7);
  });

  it('has the entropy of a distribution after a prefix', () => {
    const probabilities = [18, 12, 11, 11, 11, 10, 9, 7, 5, 4, 2].map((percent) => percent / 100);
    const nats = probabilities.reduce((sum, p) => sum - p * Math.log(p), 0);
    expect(language.entropy(split('The agent opened a pull request'))).toBeCloseTo(nats, 12);
    expect(language.entropy(split('The agent opened a'))).toBe(0);
  });

  it('knows what follows some last words at an unknown position', () => {
    for (
      const suffix of [
        'for',
        'waited',
        'the',
        'pull request',
        'opened a pull request',
        '. <eos>',
        'and then',
      ]
    ) {
      const counts = new Map<string, number>();
      let total = 0;
      for (const [sentence, probability] of sentences) {
        // A sentence with the end of the one before it, which is the same for all.
        const words = [...split('. <eos>'), ...split(sentence)];
        const wanted = split(suffix);
        for (let end = 3; end <= words.length - 1; end++) {
          const start = end - wanted.length;
          if (start < 0 || wanted.some((word, i) => words[start + i] !== word)) continue;
          const next = words[end]!;
          counts.set(next, (counts.get(next) ?? 0) + probability);
          total += probability;
        }
        if (suffix === '. <eos>') {
          const first = words[2]!;
          counts.set(first, (counts.get(first) ?? 0) + probability);
          total += probability;
        }
      }
      const found = language.nextWordProbabilitiesUnknownStart(split(suffix));
      expect(new Set(found.keys())).toEqual(new Set(counts.keys()));
      for (const [word, probability] of found)
        expect(probability).toBeCloseTo((counts.get(word) ?? 0) / total, 7);
    }
    expect(() => language.nextWordProbabilitiesUnknownStart(['request', 'pull'])).toThrow(
      '"request pull" occurs nowhere in the language',
    );
  });
});

describe('a prefix that several derivations share', () => {
  it('weighs them by how probable each is, by Bayes', () => {
    const fair = 0.5 * 0.5 ** 2;
    const bent = 0.5 * 0.9 * 0.1;
    const third = coins.nextWordProbabilities(['heads', 'tails']);
    expect(third.get('heads')).toBeCloseTo((0.5 * fair + 0.9 * bent) / (fair + bent), 12);
    const end = coins.nextWordProbabilities(['heads', 'tails', 'heads']);
    expect(end.get('.')).toBeCloseTo((0.5 * fair) / (0.5 * fair + 0.9 * bent), 12);
  });

  it('occurs in the little language: the reviewer is she or he until a word decides it', () => {
    const after = language.nextWordProbabilities(split('The reviewer approved the change because'));
    expect(after.get('she')! / after.get('he')!).toBeCloseTo(12 / 8, 12);
    const decided = language.nextWordProbabilities(
      split('The reviewer approved the change because she finished'),
    );
    expect([...decided.keys()]).toEqual(['her']);
  });
});

describe('searching over all completions', () => {
  const start = split('The agent opened a pull request');

  it('finds the most probable one, as the enumeration does', () => {
    for (const prompt of [start, ['Summarize'], ['The'], split('The tests failed')]) {
      const text = prompt.join(' ');
      const [best, probability] = [...sentences]
        .filter(([sentence]) => sentence.startsWith(`${text} `))
        .reduce((a, b) => (b[1] > a[1] * (1 + 1e-12) ? b : a));
      const found = language.bestContinuation(prompt);
      const mass = masses.get(text)!;
      expect(found.probability).toBeCloseTo(probability / mass, 8);
      expect(sentences.get([...prompt, ...found.words].join(' '))).toBeCloseTo(probability, 12);
      expect(best.startsWith(text)).toBe(true);
    }
  });

  it('lists them in order until the rest is small enough', () => {
    const found = language.completions(start, 0.01);
    const total = found.reduce((sum, { probability }) => sum + probability, 0);
    expect(total).toBeGreaterThanOrEqual(0.99);
    expect(total - found.at(-1)!.probability).toBeLessThan(0.99);
    const probabilities = found.map(({ probability }) => probability);
    expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a));
    expect(new Set(found.map(({ words }) => words.join(' '))).size).toBe(found.length);
    expect(() => language.completions(start, 0)).toThrow(
      'maxMassLeft must be a number of at least 1e-12, got 0',
    );
  });
});

describe('sampling', () => {
  it('samples each next word as often as its probability says (chi-square, fixed seed)', () => {
    const random = new Random(7);
    const prefix = split('The agent opened a pull request');
    const expected = language.nextWordProbabilities(prefix);
    const count = 20_000;
    const counts = new Map<string, number>();
    for (let i = 0; i < count; i++) {
      const word = language.sample(random, prefix)[0]!;
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    let chiSquare = 0;
    for (const [word, p] of expected)
      chiSquare += ((counts.get(word) ?? 0) - count * p) ** 2 / (count * p);
    expect([...counts.keys()].every((word) => expected.has(word))).toBe(true);
    expect(chiSquare).toBeLessThan(29.6); // the 0.999 quantile with 10 degrees of freedom
  });

  it('samples whole sentences as often as the enumeration says', () => {
    const random = new Random(8);
    const count = 50_000;
    const common = new Map([...sentences].filter(([, p]) => p * count >= 50).map(([s]) => [s, 0]));
    let rare = count;
    for (let i = 0; i < count; i++) {
      const sentence = language.sample(random).join(' ');
      const seen = common.get(sentence);
      if (seen === undefined) continue;
      common.set(sentence, seen + 1);
      rare--;
    }
    let massOfRare = 1;
    let chiSquare = 0;
    for (const [sentence, seen] of common) {
      const p = sentences.get(sentence)!;
      massOfRare -= p;
      chiSquare += (seen - count * p) ** 2 / (count * p);
    }
    chiSquare += (rare - count * massOfRare) ** 2 / (count * massOfRare);
    const freedom = common.size;
    expect(freedom).toBeGreaterThan(100);
    // beyond the 0.999 quantile
    expect(chiSquare).toBeLessThan(freedom + 3.3 * Math.sqrt(2 * freedom));
  });
});

describe('impossible prefixes', () => {
  it('are errors that name the first impossible word and the possible ones', () => {
    expect(() => language.nextWordProbabilities(split('The agent opened a cat'))).toThrow(
      '"cat" is impossible after "The agent opened a"; possible: "pull"',
    );
    expect(() => language.entropy(['agent'])).toThrow(
      '"agent" is impossible at the start; possible: "The", "Summarize"',
    );
  });
});
