import { checkIds, type Tokenizer } from '../text/tokenizer';

const END_OF_TEXT = '<|endoftext|>';
const END_OF_TEXT_ID = 50256;

/**
 * The part of the package that is used; its own type files need a newer TypeScript than the kernel
 * of the notebooks has.
 */
interface BytePairs {
  vocabularySize: number;
  encode(text: string): number[];
  decode(ids: Iterable<number>): string;
}

/**
 * GPT-2's own tokenizer: byte-pair encoding with 50,257 tokens, from the package gpt-tokenizer,
 * which calls it r50k_base. Its only special token, `<|endoftext|>`, ends a text and also serves as
 * padding, as is usual for GPT-2.
 */
export function gpt2Tokenizer(): Tokenizer {
  // Required here, not imported above: the table of 50,000 merges takes a moment to load, and most
  // notebooks do not need it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const bytePairs = require('gpt-tokenizer/cjs/encoding/r50k_base') as BytePairs;
  const vocabSize = bytePairs.vocabularySize;
  const decode = (ids: readonly number[]): string => {
    checkIds(ids, vocabSize);
    return bytePairs.decode(ids);
  };
  return {
    vocabSize,
    eosTokenId: END_OF_TEXT_ID,
    padTokenId: END_OF_TEXT_ID,
    // Split at the special token here: the package finds it only at the very start of a text.
    encode: (text) =>
      text.split(END_OF_TEXT).flatMap((
        part,
        i,
      ) => [...(i > 0 ? [END_OF_TEXT_ID] : []), ...bytePairs.encode(part)]),
    decode: (ids, options = {}) =>
      decode(options.skipSpecialTokens ? ids.filter((id) => id !== END_OF_TEXT_ID) : ids),
    token: (id) => decode([id]),
  };
}
