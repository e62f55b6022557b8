import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gpt2Tokenizer } from '../../lib/files/gpt2-tokenizer';
import { language, wordTokenizer } from '../../lib/language/little-language';
import { CharacterTokenizer, WordLevelTokenizer } from '../../lib/text/tokenizer';

describe('WordLevelTokenizer', () => {
  it('decodes to sentences as people write them, and reads them back', () => {
    const text = 'The agent opened a pull request for review.';
    const ids = wordTokenizer.encode(text);
    expect(ids.map((id) => wordTokenizer.token(id))).toEqual(
      ['The', 'agent', 'opened', 'a', 'pull', 'request', 'for', 'review', '.'],
    );
    expect(wordTokenizer.decode(ids)).toBe(text);
    expect(wordTokenizer.encode('The agent opened a pull request for review .')).toEqual(ids);
  });

  it('has special tokens and can skip them', () => {
    const ids = wordTokenizer.encode('<pad> Summarize the issue. <eos>');
    expect(ids[0]).toBe(wordTokenizer.padTokenId);
    expect(ids[ids.length - 1]).toBe(wordTokenizer.eosTokenId);
    expect(wordTokenizer.decode(ids)).toBe('<pad> Summarize the issue. <eos>');
    expect(wordTokenizer.decode(ids, { skipSpecialTokens: true })).toBe('Summarize the issue.');
  });

  it('gives every word of the language an id of its own', () => {
    expect(wordTokenizer.vocabSize).toBe(language.words.length + 2);
    for (const word of language.words)
      expect(wordTokenizer.encode(word)).toEqual([wordTokenizer.id(word)]);
    expect(new Set(wordTokenizer.vocabulary).size).toBe(wordTokenizer.vocabSize);
  });

  it('reads back what it wrote, for any ids', () => {
    const id = fc.integer({ min: 0, max: wordTokenizer.vocabSize - 1 });
    fc.assert(
      fc.property(fc.array(id), (ids) => {
        expect(wordTokenizer.encode(wordTokenizer.decode(ids))).toEqual(ids);
      }),
    );
  });

  it('takes any text, with accents and apostrophes', () => {
    const text = 'Où est l’été? (Il n’est pas là.)';
    const tokenizer = WordLevelTokenizer.fromText(text);
    expect(tokenizer.words(text).join('|')).toBe('Où|est|l’été|?|(|Il|n’est|pas|là|.|)');
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });

  it('names an unknown word, and the ids that exist', () => {
    expect(() => wordTokenizer.encode('The cat')).toThrow(
      '"cat" is not among the 105 tokens of this vocabulary',
    );
    expect(() => wordTokenizer.encode('The agnet opend a xylophone')).toThrow(
      '"agnet" (did you mean agent?), "opend" (did you mean opened?), "xylophone" are not among',
    );
    expect(() => wordTokenizer.encode('1 2 3 4 5 6 7')).toThrow(
      '"1", "2", "3", "4", "5" and 2 more are not among the 105 tokens of this vocabulary',
    );
    for (const id of [-1, 105, 1.5, Number.NaN]) {
      expect(() => wordTokenizer.decode([id])).toThrow(
        `a token id must be an integer from 0 to 104, got ${id}`,
      );
    }
    expect(() => new WordLevelTokenizer(['a', 'a'])).toThrow(
      /tokens must be different from each other/,
    );
  });
});

describe('CharacterTokenizer', () => {
  it('reads back every text made of its characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const tokenizer = CharacterTokenizer.fromText(text);
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      }),
    );
  });

  it('has one token for each different character, two of them special', () => {
    const tokenizer = CharacterTokenizer.fromText('banana 🙂\n');
    expect(tokenizer.vocabSize).toBe(2 + 'ban 🙂\n'.length - 1); // the emoji counts two in UTF-16
    expect(tokenizer.encode('ab<eos>')).toEqual([
      tokenizer.id('a'),
      tokenizer.id('b'),
      tokenizer.eosTokenId,
    ]);
    expect(() => tokenizer.encode('x')).toThrow('"x" is not among');
  });
});

describe("GPT-2's tokenizer", () => {
  const gpt2 = gpt2Tokenizer();

  it('gives the ids that GPT-2 was trained with', () => {
    // The example in the documentation of GPT-2 in Hugging Face transformers, and the first ids of
    // its vocabulary.
    expect(gpt2.encode("Hello, I'm a language model,")).toEqual([
      15496,
      11,
      314,
      1101,
      257,
      3303,
      2746,
      11,
    ]);
    expect(gpt2.token(0)).toBe('!');
    expect(gpt2.vocabSize).toBe(50257);
  });

  it('finds the end-of-text token anywhere in a text', () => {
    expect(gpt2.encode('<|endoftext|>Hello<|endoftext|>')).toEqual([50256, 15496, 50256]);
    expect(gpt2.decode([15496, 50256])).toBe('Hello<|endoftext|>');
    expect(gpt2.decode([15496, 50256], { skipSpecialTokens: true })).toBe('Hello');
    expect(gpt2.eosTokenId).toBe(50256);
  });

  it('reads back every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(gpt2.decode(gpt2.encode(text))).toBe(text);
      }),
    );
  });

  it('decodes a part of a character to �, and remembers nothing of it', () => {
    const parts = gpt2.encode('你'); // two tokens, neither a character
    expect(parts.length).toBeGreaterThan(1);
    for (let times = 0; times < 3; times++) {
      expect(gpt2.decode([41840])).toBe('�');
      expect(gpt2Tokenizer().decode([0])).toBe('!');
      expect(gpt2.token(parts[0]!)).toBe('�');
      expect(gpt2.decode(parts)).toBe('你');
      expect(gpt2.decode(gpt2.encode('\uFEFFmark'))).toBe('\uFEFFmark');
    }
  });

  it('refuses unknown ids', () => {
    expect(() => gpt2.decode([50257])).toThrow(
      'a token id must be an integer from 0 to 50256, got 50257',
    );
    expect(() => gpt2.token(0.5)).toThrow(RangeError);
  });
});
