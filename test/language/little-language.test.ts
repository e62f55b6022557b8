import { describe, expect, it } from 'vitest';
import { EOS } from '../../lib/text/tokenizer';
import { language, wordTokenizer } from '../../lib/language/little-language';
import { pullRequestRules } from '../../lib/language/pull-request-rules';

const split = (text: string): string[] => text.split(' ');
const next = (text: string): Map<string, number> => language.nextWordProbabilities(split(text));
const prompt = 'The agent opened a pull request';

/** Always the most probable next word, up to `limit` words. */
function greedy(start: string, limit = 60): string[] {
  const words: string[] = [];
  while (words.length < limit && words[words.length - 1] !== EOS) {
    const options = [...language.nextWordProbabilities([...split(start), ...words])];
    words.push(options.reduce((best, option) => (option[1] > best[1] ? option : best))[0]);
  }
  return words;
}

/** The most probable finished beam of a beam search written for this test alone. */
function beamSearch(start: string, numBeams: number): { words: string[]; probability: number } {
  let beams = [{ words: [] as string[], probability: 1 }];
  let best = { words: [] as string[], probability: 0 };
  while (beams.length > 0) {
    const longer = beams.flatMap(({ words, probability }) =>
      [...language.nextWordProbabilities([...split(start), ...words])].map(([word, p]) => ({
        words: [...words, word],
        probability: probability * p,
      }))
    );
    longer.sort((a, b) => b.probability - a.probability);
    const kept = longer.slice(0, numBeams);
    for (const beam of kept)
      if (beam.words.at(-1) === EOS && beam.probability > best.probability) best = beam;
    beams = kept.filter((beam) => beam.words.at(-1) !== EOS && beam.probability > best.probability);
  }
  return best;
}

function klDivergence(p: Map<string, number>, q: Map<string, number>): number {
  return [...p].reduce(
    (sum, [word, probability]) => sum + probability * Math.log(probability / (q.get(word) ?? 0)),
    0,
  );
}

describe('the little language', () => {
  it('gives the figures of the chapter (16.3.1), exactly', () => {
    const probabilities = next(prompt);
    expect(probabilities.get('for')).toBe(0.18);
    expect(probabilities.get('to')).toBe(0.12);
    for (const [word, p] of probabilities)
      if (word !== 'for') expect(p, word).toBeLessThanOrEqual(0.12);
    expect(next(`${prompt} for`).get('review')).toBe(0.34);
    expect(next(`${prompt} for`).get('approval')).toBe(0.15);
  });

  it('gives the text of the chapter step by step when it is decoded greedily (16.3.2)', () => {
    expect(greedy(prompt)).toEqual(['for', 'review', '.', EOS]);
    expect(greedy('The').slice(0, 5)).toEqual(['agent', 'opened', 'a', 'pull', 'request']);
  });

  it('ends every sentence with a full stop and <eos>', () => {
    for (const { words } of language.completions(['The'], 0.02)) {
      expect(words.slice(-2)).toEqual(['.', EOS]);
      expect(words.slice(0, -2)).not.toContain('.');
    }
    expect(next(`${prompt} for review .`)).toEqual(new Map([[EOS, 1]]));
  });

  it('has 60 to 120 tokens, and 14 in 15 sentences have 4 to 16 of them', () => {
    expect(wordTokenizer.vocabSize).toBeGreaterThanOrEqual(60);
    expect(wordTokenizer.vocabSize).toBeLessThanOrEqual(120);
    let [tooLong, seen] = [0, 0];
    for (const { words, probability } of language.completions([], 0.005)) {
      expect(words.length).toBeGreaterThanOrEqual(4);
      seen += probability;
      if (words.length > 16) tooLong += probability;
    }
    expect(tooLong + 1 - seen).toBeLessThan(1 / 15);
  });

  it('is readable: every percentage has at most one decimal', () => {
    for (const alternatives of Object.values(pullRequestRules)) {
      for (const [percent] of alternatives) expect(Number(percent.toFixed(1))).toBe(percent);
    }
  });
});

describe('what the little language is made to show', () => {
  it('greedy misses the most probable sentence, four beams find it', () => {
    const greedyWords = greedy(prompt);
    const greedyProbability = Math.exp(
      language.logProbability([...split(prompt), ...greedyWords])
        - language.logProbability(split(prompt)),
    );
    const best = language.bestContinuation(split(prompt));
    expect(best.words).toEqual(['to', 'fix', 'the', 'bug', '.', EOS]);
    expect(best.probability).toBeGreaterThan(3 * greedyProbability);
    const beams = beamSearch(prompt, 4);
    expect(beams.words).toEqual(best.words);
    expect(beams.probability).toBeCloseTo(best.probability, 12);
    expect(beamSearch(prompt, 1).words).toEqual(greedyWords);
  });

  it('has dependencies over long distances, so that a truncated context knows less', () => {
    const late = 'opened a pull request for review because';
    expect(next(`The agent ${late}`).has('it')).toBe(true);
    expect(next(`The agent ${late}`).has('they')).toBe(false);
    expect(next(`The agents ${late}`).has('they')).toBe(true);
    const cut = language.nextWordProbabilitiesUnknownStart(split(late));
    expect([...cut.keys()]).toEqual(expect.arrayContaining(['it', 'they', 'she', 'he']));
    expect(klDivergence(next(`The agents ${late}`), cut)).toBeGreaterThan(0.3);

    const relative = 'that opened the pull request';
    expect([...next(`The agents ${relative}`).keys()]).toEqual(['were']);
    expect([...next(`The agent ${relative}`).keys()]).toEqual(['was']);
    expect(language.nextWordProbabilitiesUnknownStart(split(relative)).size).toBe(2);

    const so = 'on Friday , so the author';
    expect([...next(`The tests failed ${so}`).keys()]).toEqual(['fixed', 'closed', 'asked']);
    expect([...next(`The tests passed ${so}`).keys()]).toEqual(['merged', 'approved']);
  });

  it('depends on order: a sentence with subject and object swapped is 100 times rarer', () => {
    const usual = split('The agent approved the pull request .');
    const swapped = split('The pull request approved the agent .');
    expect([...usual].sort()).toEqual([...swapped].sort());
    const ratio = language.sentenceProbability(usual) / language.sentenceProbability(swapped);
    expect(ratio).toBeGreaterThan(80);
    expect(ratio).toBeLessThan(130);
  });

  it('has a position with two modes of equal length whose words cannot be mixed (16.8.2)', () => {
    const start = split('The reviewer merged the change');
    const modes = language.completions(start, 1e-9);
    expect(modes.map(({ words }) => words.join(' ')).sort()).toEqual([
      'for the last release . <eos>',
      'to the main branch . <eos>',
    ]);
    for (const { probability } of modes) expect(probability).toBeCloseTo(0.5, 12);
    // Independent positions sample each word from its own distribution: 8 mixtures, 2 of them
    // sentences.
    let possible = 0;
    for (const first of ['to', 'for']) {
      for (const third of ['main', 'last']) {
        for (const fourth of ['branch', 'release']) {
          if (language.sentenceProbability([...start, first, 'the', third, fourth, '.']) > 0)
            possible++;
        }
      }
    }
    expect(possible).toBe(2);
  });

  it('has a prompt of one token: Summarize', () => {
    expect(language.sentenceProbability(split('Summarize the pull request for the reviewer .')))
      .toBeGreaterThan(0.001);
    expect(wordTokenizer.encode('Summarize')).toHaveLength(1);
    expect(wordTokenizer.encode(prompt)).toHaveLength(6);
  });

  it('has loops in which greedy decoding never ends, although every sentence ends', () => {
    for (const start of ['The agent waited', 'The agent closed the issue']) {
      expect(greedy(start, 200)).not.toContain(EOS);
      const mass = language.completions(split(start), 1e-3).reduce(
        (sum, { probability }) => sum + probability,
        0,
      );
      expect(mass).toBeGreaterThan(0.998);
    }
    expect(greedy('The agent closed the issue', 5).join(' ')).toBe('and then opened it again');
  });

  it('has an entropy of 0 at some positions and above 2 nats at others', () => {
    expect(language.entropy(split('The agent opened a'))).toBe(0);
    expect(language.entropy(split(prompt))).toBeGreaterThan(2.2);
    expect(language.entropy(['The'])).toBeGreaterThan(1);
  });
});
