import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../lib/base/random';
import { type Batch, packedBatches, shiftTargets, windowBatches } from '../../lib/text/batches';
import { languageCorpus } from '../../lib/language/language-corpus';
import { entropyFloor, exactLoss } from '../../lib/language/entropy-floor';
import { language, wordTokenizer } from '../../lib/language/little-language';
import { padLeft, padRight } from '../../lib/text/padding';

describe('shiftTargets', () => {
  it('shifts the sentence of the chapter by one (16.2.1)', () => {
    const { inputs, targets } = shiftTargets(
      wordTokenizer.encode('The agent opened a pull request for'),
    );
    expect(wordTokenizer.decode(inputs)).toBe('The agent opened a pull request');
    expect(wordTokenizer.decode(targets)).toBe('agent opened a pull request for');
  });

  it('needs two tokens', () => {
    expect(() => shiftTargets([1])).toThrow('need at least 2 tokens to predict one, got 1');
  });
});

describe('packedBatches', () => {
  const { train } = languageCorpus();

  it('begins each row with a sentence, packs whole sentences, and shifts by one', () => {
    const starts = new Set(train.map((sentence) => sentence.join(' ')));
    const { inputIds, targets } = packedBatches(train, { batchSize: 20, blockSize: 40,
      random: new Random(1) })();
    expect(inputIds).toHaveLength(20);
    inputIds.forEach((row, b) => {
      expect(row).toHaveLength(40);
      expect(targets[b]!.slice(0, -1)).toEqual(row.slice(1));
      const text = [...row, targets[b]![39]];
      const sentences = text.join(' ').split(/(?<=(?:^| )1) /);
      for (const sentence of sentences.slice(0, -1)) expect(starts.has(sentence)).toBe(true);
      const last = sentences[sentences.length - 1];
      expect([...starts].some((sentence) => `${sentence} `.startsWith(`${last} `))).toBe(true);
    });
  });

  it('gives the same batches for the same seed, and different ones for another', () => {
    const batch = (seed: number): Batch =>
      packedBatches(train, { batchSize: 3, blockSize: 16, random: new Random(seed) })();
    expect(batch(5)).toEqual(batch(5));
    expect(batch(5)).not.toEqual(batch(6));
  });

  it('has the entropy floor that the language gives, and exact losses around it', () => {
    // Fresh sentences of the language: packedEntropyRate is the expectation of both means.
    const random = new Random(3);
    const sentences = Array.from(
      { length: 20_000 },
      () => language.sample(random).map((w) => wordTokenizer.id(w)),
    );
    const batch = packedBatches(sentences, { batchSize: 1000, blockSize: 32, random })();
    const floor = language.packedEntropyRate(32);
    // 32,000 positions; the standard error of the mean, measured over seeds, is below 0.005 for
    // both.
    expect(Math.abs(entropyFloor(batch) - floor)).toBeLessThan(0.015);
    expect(Math.abs(exactLoss(batch) - floor)).toBeLessThan(0.015);
  });

  it('computes floor and loss by hand for one short row', () => {
    const [the, agent] = wordTokenizer.encode('The agent') as [number, number];
    const batch = { inputIds: [[the]], targets: [[agent]] };
    const first = language.nextWordProbabilities(['The']);
    expect(exactLoss(batch)).toBeCloseTo(-Math.log(first.get('agent')!), 12);
    expect(entropyFloor(batch)).toBeCloseTo(language.entropy(['The']), 12);
    expect(exactLoss({ inputIds: [[the]], targets: [[the]] })).toBe(Infinity);
    const padded = { inputIds: [[the, wordTokenizer.padTokenId]], targets: [[agent, -100]] };
    expect([exactLoss(padded), entropyFloor(padded)]).toEqual(
      [exactLoss(batch), entropyFloor(batch)],
    );
  });

  it('enters a long text at every place, as often at the end as at the start', () => {
    const text = Array.from({ length: 60 }, (_, i) => i);
    const count = new Array<number>(60).fill(0);
    const next = packedBatches([text], { batchSize: 64, blockSize: 8, random: new Random(1) });
    for (let n = 0; n < 50; n++) {
      next().inputIds.forEach((row) => {
        expect(row).toEqual(row.map((_, t) => row[0]! + t));
        count[row[0]!]! += 1;
      });
    }
    // 52 places, 3,200 rows: 61.5 each, standard deviation 7.8
    expect(count.slice(0, 52).every((times) => times > 30 && times < 100)).toBe(true);
    expect(count.slice(52).every((times) => times === 0)).toBe(true);
  });

  it('takes a text of a million tokens', () => {
    const text = Array.from({ length: 1_000_000 }, (_, i) => i);
    const { inputIds } = packedBatches([[7], text], { batchSize: 20, blockSize: 16,
      random: new Random(1) })();
    expect(new Set(inputIds.map((row) => row[10])).size).toBeGreaterThan(15);
  });

  it('keeps its random numbers and starts with a sentence where most of the text fits', () => {
    const sentences = [[1, 2, 3], [4, 5, 6, 7, 8, 9, 10], [11, 12]];
    const random = new Random(4);
    const rows = packedBatches(sentences, { batchSize: 30, blockSize: 4, random })().inputIds;
    const same = new Random(4);
    const expected = rows.map(() => {
      const row: number[] = [];
      while (row.length < 5) row.push(...sentences[same.integer(3)]!);
      return row.slice(0, 4);
    });
    expect(rows).toEqual(expected);
  });

  it('refuses unknown options and sizes that only end the memory', () => {
    const random = new Random(1);
    const misspelt = { batchSize: 1, blockSize: 4, random, blocksize: 8 };
    expect(() => packedBatches(train, misspelt)).toThrow('unknown option blocksize');
    expect(() => windowBatches([1, 2, 3, 4, 5, 6], misspelt)).toThrow('unknown option blocksize');
    for (const size of [{ batchSize: 1e9, blockSize: 4 }, { batchSize: 1, blockSize: 1e9 }])
      expect(() => packedBatches(train, { ...size, random })).toThrow('got 1000000000');
  });

  it('refuses invalid sizes, and a corpus without sentences', () => {
    const random = new Random(1);
    expect(() => packedBatches(train, { batchSize: 0, blockSize: 4, random })).toThrow(
      'batchSize must be an integer from 1 to 100000, got 0',
    );
    expect(() => packedBatches(train, { batchSize: 1, blockSize: 2.5, random })).toThrow(
      'blockSize must be an integer from 1 to 10000000',
    );
    expect(() => packedBatches([], { batchSize: 1, blockSize: 4, random })).toThrow('no sentence');
  });
});

describe('windowBatches', () => {
  it('cuts windows that begin anywhere, at the first and the last place too', () => {
    const ids = [10, 11, 12, 13, 14];
    const next = windowBatches(ids, { batchSize: 4, blockSize: 3, random: new Random(2) });
    const seen = new Set<number>();
    for (let i = 0; i < 20; i++) {
      const { inputIds, targets } = next();
      inputIds.forEach((row, b) => {
        const start = row[0]!;
        expect(row).toEqual([start, start + 1, start + 2]);
        expect(targets[b]).toEqual(row.map((id) => id + 1));
        seen.add(start);
      });
    }
    expect([...seen].sort()).toEqual([10, 11]);
    expect(() => windowBatches(ids, { batchSize: 1, blockSize: 5, random: new Random(2) })).toThrow(
      'a window takes 6 tokens but the text has 5',
    );
  });
});

describe('batches', () => {
  it('need a generator, and say so', () => {
    const options = { batchSize: 1, blockSize: 2 } as {
      batchSize: number;
      blockSize: number;
      random: Random;
    };
    const wanted = 'random must be a generator, such as new Random(1), got';
    expect(() => packedBatches([[1, 2, 3]], options)).toThrow(`${wanted} undefined`);
    expect(() => windowBatches([1, 2, 3], { ...options, random: 7 as never })).toThrow(
      `${wanted} 7`,
    );
  });
});

describe('padding', () => {
  it('pads the two prompts of the chapter on the left (16.5.1)', () => {
    const prompts = ['The agent opened a pull request', 'Summarize'].map((text) =>
      wordTokenizer.encode(text)
    );
    const { inputIds, attentionMask, positionIds } = padLeft(prompts, wordTokenizer.padTokenId);
    expect(wordTokenizer.decode(inputIds[1]!)).toBe('<pad> <pad> <pad> <pad> <pad> Summarize');
    expect(attentionMask).toEqual([[1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 1]]);
    expect(positionIds).toEqual([[0, 1, 2, 3, 4, 5], [0, 0, 0, 0, 0, 0]]);
  });

  it('keeps every prompt whole, on either side', () => {
    const prompts = fc.array(fc.array(fc.nat(9), { minLength: 1, maxLength: 6 }), { minLength: 1,
      maxLength: 5 });
    fc.assert(
      fc.property(prompts, (rows) => {
        for (const pad of [padLeft, padRight]) {
          const { inputIds, attentionMask, positionIds } = pad(rows, 99);
          rows.forEach((row, b) => {
            const [ids, mask, positions] = [inputIds[b]!, attentionMask[b]!, positionIds[b]!];
            expect(ids.filter((_, t) => mask[t] === 1)).toEqual(row);
            expect(positions.filter((_, t) => mask[t] === 1)).toEqual(row.map((_, t) => t));
            expect(ids.every((id, t) => mask[t] === 1 || id === 99)).toBe(true);
            expect(ids).toHaveLength(Math.max(...rows.map((each) => each.length)));
            expect(mask[pad === padLeft ? ids.length - 1 : 0]).toBe(1);
          });
        }
      }),
    );
  });

  it('refuses an empty batch and an empty prompt', () => {
    expect(() => padLeft([], 0)).toThrow('prompts must be lists of at least one token, got []');
    expect(() => padRight([[1], []], 0)).toThrow('prompts must be lists of at least one token');
  });
});
