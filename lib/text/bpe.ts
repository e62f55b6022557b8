import type { Tokenizer } from './tokenizer';

const END_OF_TEXT = '<|endoftext|>';
const END_OF_TEXT_ID = 50256;

/**
 * GPT-2's own tokenizer: byte-pair encoding, 50,257 tokens, as the package gpt-tokenizer has it (there called r50k_base).
 * Its only special token, `<|endoftext|>`, ends a text; it also serves for padding, as is usual for GPT-2. The table of
 * 50,000 merges is loaded when this is first called, so that nobody else waits for it.
 */
export async function gpt2Tokenizer(): Promise<Tokenizer> {
  const { encode, decode, vocabularySize } = await import('gpt-tokenizer/cjs/encoding/r50k_base');
  const special = { allowedSpecial: new Set([END_OF_TEXT]) };
  const checked = (ids: readonly number[]): readonly number[] => {
    const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabularySize);
    if (wrong !== undefined) throw new RangeError(`token ids are whole numbers below ${vocabularySize}, got ${wrong}`);
    return ids;
  };
  return {
    vocabSize: vocabularySize,
    eosTokenId: END_OF_TEXT_ID,
    padTokenId: END_OF_TEXT_ID,
    encode: (text) => encode(text, special),
    decode: (ids, options = {}) =>
      decode(options.skipSpecialTokens ? checked(ids).filter((id) => id !== END_OF_TEXT_ID) : checked(ids)),
    token: (id) => decode(checked([id])),
  };
}
