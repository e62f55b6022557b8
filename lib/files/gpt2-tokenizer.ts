import { checkIds, type Tokenizer } from '../text/tokenizer';

const END_OF_TEXT = '<|endoftext|>';
const END_OF_TEXT_ID = 50256;

/**
 * What is used of the package; its own type files need a newer TypeScript than the one in the
 * notebooks' kernel.
 */
interface BytePairs {
  vocabularySize: number;
  encode(text: string): number[];
  decode(ids: Iterable<number>): string;
}

/**
 * GPT-2's own tokenizer: byte-pair encoding with 50,257 tokens, from the package gpt-tokenizer
 * (there: r50k_base). Its only special token, `<|endoftext|>`, ends a text; it also serves as
 * padding, as is usual for GPT-2.
 */
export function gpt2Tokenizer(): Tokenizer {
  // Required here, not imported above: the table of 50,000 merges takes a moment, and most readers
  // never need it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const bpe = require('gpt-tokenizer/cjs/encoding/r50k_base') as BytePairs;
  const vocabSize = bpe.vocabularySize;
  const decode = (ids: readonly number[]): string => {
    checkIds(ids, vocabSize);
    return bpe.decode(ids);
  };
  return {
    vocabSize,
    eosTokenId: END_OF_TEXT_ID,
    padTokenId: END_OF_TEXT_ID,
    // Cut at the special token by hand: the package finds it only at the very start of a text.
    encode: (text) =>
      text.split(END_OF_TEXT).flatMap((
        part,
        i,
      ) => [...(i > 0 ? [END_OF_TEXT_ID] : []), ...bpe.encode(part)]),
    decode: (ids, options = {}) =>
      decode(options.skipSpecialTokens ? ids.filter((id) => id !== END_OF_TEXT_ID) : ids),
    token: (id) => decode([id]),
  };
}
