import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gpt2Tokenizer, loadTokenizer, streamingDecoder, wordTokenizer } from '../../lib/index';
import { CharacterTokenizer, type Tokenizer } from '../../lib/text/tokenizer';

const HUB = join(__dirname, '../../data/fixtures/hub');

function streamed(tokenizer: Tokenizer, ids: readonly number[], options = {}): string[] {
  const decoder = streamingDecoder(tokenizer, options);
  return [...ids.map((id) => decoder.push(id)), decoder.end()];
}

describe('a streaming decoder', () => {
  const gpt2 = gpt2Tokenizer();

  it('returns a character with its last token, and no � for its parts', () => {
    const pieces = streamed(gpt2, gpt2.encode('a 你好 🙂!'));
    expect(pieces.join('')).toBe('a 你好 🙂!');
    expect(pieces.join('|')).not.toContain('�');
    expect(pieces.filter((piece) => piece !== '').length).toBeGreaterThan(4);
    expect(pieces).toContain('');
  });

  it('gives what decode gives for the whole text, for any ids of any tokenizer', async () => {
    const tokenizers = [
      gpt2,
      wordTokenizer,
      CharacterTokenizer.fromText('ab 你🙂\uFEFF'),
      await loadTokenizer(HUB),
    ];
    for (const tokenizer of tokenizers) {
      const ids = fc.array(fc.nat(tokenizer.vocabSize - 1), { maxLength: 12 });
      fc.assert(fc.property(ids, fc.boolean(), (text, skipSpecialTokens) => {
        expect(streamed(tokenizer, text, { skipSpecialTokens }).join('')).toBe(
          tokenizer.decode(text, { skipSpecialTokens }),
        );
      }));
    }
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(fc.property(text, (each) => {
      expect(streamed(gpt2, gpt2.encode(each)).join('')).toBe(each);
    }));
  });

  it('returns what is left at the end, and starts afresh; two do not disturb each other', () => {
    const [one, two] = [streamingDecoder(gpt2), streamingDecoder(gpt2)];
    expect([one.push(41840), two.push(0), one.end(), one.end(), one.push(0)]).toEqual(
      ['', '!', '�', '', '!'],
    );
  });

  it('refuses an unknown id, and keeps nothing of it', () => {
    const decoder = streamingDecoder(gpt2);
    expect(() => decoder.push(50257)).toThrow('a token id must be an integer from 0 to 50256');
    expect(decoder.push(0)).toBe('!');
    expect(() => streamingDecoder(gpt2, { skipSpecial: true } as object)).toThrow(
      'unknown option skipSpecial',
    );
  });
});
