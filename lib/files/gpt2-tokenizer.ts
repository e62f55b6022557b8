import { checkNames } from '../base/checks';
import { platform } from '../base/platform';
import { checkIds, type Tokenizer } from '../text/tokenizer';

/** GPT-2's only special token, and its id. */
export const END_OF_TEXT = '<|endoftext|>';
export const END_OF_TEXT_ID = 50256;

/**
 * The part of the package that is used; its own type files need a newer TypeScript than the kernel
 * of the notebooks has.
 */
interface BytePairs {
  vocabularySize: number;
  encode(text: string): number[];
}

/** The text of each token, or its bytes where they are no text of their own. */
interface Ranks {
  default: readonly (string | readonly number[])[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

const bytesOf = (piece: string | readonly number[]): Iterable<number> =>
  typeof piece === 'string' ? encoder.encode(piece) : piece;

/** The tokenizer, once it was asked for: it is the same each time. */
let tokenizer: Tokenizer | undefined;

export const isGpt2Tokenizer = (other: Tokenizer): boolean => other === tokenizer;

/**
 * GPT-2's own tokenizer: byte-pair encoding with 50,257 tokens, from the package gpt-tokenizer,
 * which calls it r50k_base. Its only special token, `<|endoftext|>`, ends a text and also serves as
 * padding, as is usual for GPT-2.
 */
export function gpt2Tokenizer(): Tokenizer {
  return tokenizer ??= make();
}

/** The bytes of all tokens but the special one, in the order of their ids. */
export function gpt2Pieces(): number[][] {
  const { default: pieces } = platform.loadPackage('gpt-tokenizer/cjs/bpeRanks/r50k_base') as Ranks;
  return pieces.map((piece) => [...bytesOf(piece)]);
}

function make(): Tokenizer {
  // Loaded here: the table of 50,000 merges takes a moment, and most notebooks do not need it.
  const bytePairs = platform.loadPackage('gpt-tokenizer/cjs/encoding/r50k_base') as BytePairs;
  const { default: pieces } = platform.loadPackage('gpt-tokenizer/cjs/bpeRanks/r50k_base') as Ranks;
  const vocabSize = bytePairs.vocabularySize;
  /** Not the package's own, whose one decoder keeps the end of the text before. */
  const decode = (ids: readonly number[]): string => {
    checkIds(ids, vocabSize);
    const bytes = ids.flatMap((id) => [...bytesOf(pieces[id] ?? END_OF_TEXT)]);
    return decoder.decode(Uint8Array.from(bytes));
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
    decode: (ids, options = {}) => {
      checkNames('option', options, ['skipSpecialTokens']);
      return decode(options.skipSpecialTokens ? ids.filter((id) => id !== END_OF_TEXT_ID) : ids);
    },
    token: (id) => decode([id]),
  };
}
