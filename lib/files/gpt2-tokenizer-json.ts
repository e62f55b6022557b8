/**
 * GPT-2's tokenizer in the form of a `tokenizer.json`. The package it comes from has the bytes of
 * all tokens, but not the merges, which that form also needs.
 */
import { END_OF_TEXT, END_OF_TEXT_ID, gpt2Pieces } from './gpt2-tokenizer';

/** Printable bytes have the first ids, then come the others. */
const [BYTES, PRINTABLE] = [256, 188];

let description: object | undefined;

/** What a `tokenizer.json` of GPT-2 holds beside its special token; it takes a moment, but once. */
export function gpt2Description(): object {
  return description ??= describe();
}

function describe(): object {
  const pieces = gpt2Pieces();
  const letters = lettersOf(pieces.slice(0, BYTES));
  const tokens = pieces.map((bytes) => bytes.map((byte) => letters.get(byte)!));
  const ids = new Map(tokens.map((token, id) => [token.join(''), id]));
  const level = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    normalizer: null,
    pre_tokenizer: level,
    post_processor: null,
    decoder: level,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      vocab: { ...Object.fromEntries(ids), [END_OF_TEXT]: END_OF_TEXT_ID },
      merges: tokens.slice(BYTES).map((token, place) => mergeOf(token, BYTES + place, ids)),
    },
  };
}

/**
 * GPT-2 writes each byte as one visible letter: a printable byte as itself, the others, in the
 * order of their ids, as those from U+0100 on.
 */
function lettersOf(bytes: readonly (readonly number[])[]): Map<number, string> {
  return new Map(bytes.map(([byte], id) => [
    byte!,
    String.fromCharCode(id < PRINTABLE ? byte! : BYTES + id - PRINTABLE),
  ]));
}

/**
 * The two tokens that are joined into `token`: what the merges of smaller ids, the earliest first,
 * leave of its letters.
 */
function mergeOf(token: readonly string[], id: number, ids: ReadonlyMap<string, number>): string[] {
  const parts = [...token];
  while (parts.length > 2) {
    const ranks = parts.slice(1).map((part, i) => ids.get(parts[i]! + part) ?? Infinity);
    const first = ranks.indexOf(Math.min(...ranks));
    if (!(ranks[first]! < id)) throw new Error(`token ${id} of GPT-2 is no merge of two`);
    parts.splice(first, 2, parts[first]! + parts[first + 1]!);
  }
  return parts;
}
