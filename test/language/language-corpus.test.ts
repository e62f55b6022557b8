import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SEED, SENTENCES } from '../../data/corpus/make';
import { CORPUS_FILE } from '../../lib/base/paths';
import { languageCorpus, sampleSentences } from '../../lib/language/language-corpus';
import { language, wordTokenizer } from '../../lib/language/little-language';

describe('the corpus of the little language', () => {
  it('is reproduced byte for byte from its seed', () => {
    expect(sampleSentences(SENTENCES, SEED) === readFileSync(CORPUS_FILE, 'utf8')).toBe(true);
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

  it('has the entropy of the language: its mean loss equals the entropy rate', () => {
    const { train } = languageCorpus();
    let nats = 0;
    let tokens = 0;
    for (const ids of train) {
      nats -= language.logProbability(ids.map((id) => wordTokenizer.token(id)));
      tokens += ids.length;
    }
    // 2 %, some 200,000 tokens
    expect(Math.abs(nats / tokens - language.entropyRate)).toBeLessThan(0.01);
  });
});
