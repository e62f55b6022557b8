/** Text files as corpora. */
import { check, checkNumber } from '../base/checks';
import { naming, readText } from '../base/text-file';
import { CharacterTokenizer, type Tokenizer, WordLevelTokenizer } from './tokenizer';

/** A text as token ids: one part for training, one held out for validation. */
export interface Corpus {
  tokenizer: Tokenizer;
  /** Independent pieces of text, such as sentences; each ends with `<eos>`. */
  train: number[][];
  validation: number[][];
}

/**
 * How a text is cut into tokens: `words`, `characters`, or any tokenizer, such as
 * `gpt2Tokenizer()`.
 */
export type Cut = 'words' | 'characters' | Tokenizer;

/**
 * Any text file (UTF-8) as a corpus of one piece for training and one held out, the last
 * `validationShare` of its tokens; `<eos>` ends both.
 * @throws Error if the file is missing; RangeError if it has fewer than 2 tokens, or on an invalid
 *   share
 */
export function readCorpus(path: string, cut: Cut = 'characters', validationShare = 0.1): Corpus {
  checkNumber('validationShare', validationShare, { above: 0, below: 1 });
  const isCut = typeof cut === 'object' || ['words', 'characters'].includes(cut);
  check(isCut, 'cut', 'words, characters or a tokenizer', cut);
  const text = readText(path).replace(/\r\n/g, '\n');
  const Kind = cut === 'words' ? WordLevelTokenizer : CharacterTokenizer;
  const tokenizer = typeof cut === 'string' ? Kind.fromText(text) : cut;
  const ids = naming(path, () => tokenizer.encode(text));
  if (ids.length < 2)
    throw new RangeError(`a corpus needs at least 2 tokens, ${path} has ${ids.length}`);
  const held = Math.min(ids.length - 1, Math.max(1, Math.round(ids.length * validationShare)));
  const piece = (part: number[]): number[][] => [[...part, tokenizer.eosTokenId]];
  return { tokenizer, train: piece(ids.slice(0, -held)), validation: piece(ids.slice(-held)) };
}
