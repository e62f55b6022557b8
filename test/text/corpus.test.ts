import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SEED, SENTENCES } from '../../data/corpus/make';
import { gpt2Tokenizer } from '../../lib/text/bpe';
import { CORPUS_FILE, drawSentences, languageCorpus, readCorpus } from '../../lib/text/corpus';
import { language, wordTokenizer } from '../../lib/text/language';

const folder = mkdtempSync(join(tmpdir(), 'corpus-'));
afterAll(() => rmSync(folder, { recursive: true }));
const TIDE_POOL = join(__dirname, '..', '..', 'data', 'corpus', 'tide-pool.txt');

describe('the corpus of the little language', () => {
  it('comes out again, byte for byte, from its seed', () => {
    expect(drawSentences(SENTENCES, SEED) === readFileSync(CORPUS_FILE, 'utf8')).toBe(true);
  });

  it('holds only sentences of the language, the last tenth held out', () => {
    const { train, validation, tokenizer } = languageCorpus();
    expect([train.length, validation.length]).toEqual([18_000, 2_000]);
    expect(tokenizer).toBe(wordTokenizer);
    for (const ids of [...train.slice(0, 500), ...validation.slice(0, 500)]) {
      expect(language.sentenceProbability(ids.map((id) => tokenizer.token(id)))).toBeGreaterThan(0);
      expect(ids[ids.length - 1]).toBe(tokenizer.eosTokenId);
    }
  });

  it('has the entropy of the language: its mean loss lies at the entropy rate', () => {
    const { train } = languageCorpus();
    let nats = 0;
    let tokens = 0;
    for (const ids of train) {
      nats -= language.logProbability(ids.map((id) => wordTokenizer.token(id)));
      tokens += ids.length;
    }
    expect(Math.abs(nats / tokens - language.entropyRate)).toBeLessThan(0.01); // 2 %, some 200,000 tokens
  });
});

describe('any text as a corpus', () => {
  it.each([['characters'], ['words']] as const)('cuts it into %s and holds out its end', (cut) => {
    const { train, validation, tokenizer } = readCorpus(TIDE_POOL, cut, 0.2);
    const ids = [...train[0].slice(0, -1), ...validation[0].slice(0, -1)];
    expect(ids).toEqual(tokenizer.encode(readFileSync(TIDE_POOL, 'utf8')));
    expect(validation[0].length / (train[0].length + validation[0].length)).toBeCloseTo(0.2, 2);
    expect(train[0][train[0].length - 1]).toBe(tokenizer.eosTokenId);
  });

  it("takes GPT-2's tokenizer too, and reads a Windows file as any other", () => {
    const path = join(folder, 'windows.txt');
    writeFileSync(path, '\uFEFFone line\r\nand another\r\n');
    const { train, validation, tokenizer } = readCorpus(path, gpt2Tokenizer());
    const ids = [...train[0].slice(0, -1), ...validation[0].slice(0, -1)];
    expect(tokenizer.decode(ids)).toBe('one line\nand another\n');
  });

  it('says what is wrong with a file or a share', () => {
    const path = join(folder, 'short.txt');
    writeFileSync(path, 'a');
    expect(() => readCorpus(path)).toThrow(/at least 2 tokens, .*short\.txt has 1/);
    expect(() => readCorpus(TIDE_POOL, 'words', 1)).toThrow('validationShare lies between 0 and 1, got 1');
    expect(() => readCorpus(join(folder, 'none.txt'))).toThrow(/none\.txt/);
  });
});
