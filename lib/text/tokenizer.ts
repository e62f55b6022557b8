/** Text → ids → text. */
import { check, checkInteger, checkNames, knownIds } from '../base/checks';

/** Ids are integers from 0 to `vocabSize - 1`. */
export interface Tokenizer {
  readonly vocabSize: number;
  /** The end-of-sequence token: generation stops when it is generated. */
  readonly eosTokenId: number;
  /** The token that fills short rows of a batch; it is masked, so it affects no result. */
  readonly padTokenId: number;
  /** @throws RangeError that names the words of the text which the vocabulary has not */
  encode(text: string): number[];
  /**
   * Special tokens are included unless `skipSpecialTokens` is true.
   * @throws RangeError for an id outside the vocabulary
   */
  decode(ids: readonly number[], options?: { skipSpecialTokens?: boolean }): string;
  /** One token as a label, e.g. for an axis of a plot. */
  token(id: number): string;
}

/** @throws RangeError for an id outside a vocabulary of `vocabSize` tokens */
export function checkIds(ids: readonly number[], vocabSize: number): void {
  for (const id of ids) checkInteger('a token id', id, { from: 0, to: vocabSize - 1 });
}

/** Texts as token ids, of any lengths. */
export type Rows = readonly (readonly number[])[];

/** The token that ends a text, and the padding token. */
export const [EOS, PAD] = ['<eos>', '<pad>'] as const;

/** A special token, or a word with its hyphens and apostrophes, or any other character. */
const WORD = /<eos>|<pad>|[\p{L}\p{M}\p{N}]+(?:['’\-_][\p{L}\p{M}\p{N}]+)*|[^\s]/gu;

/** A tokenizer with a plain list of tokens: `<pad>` is 0, `<eos>` is 1, then the list. */
abstract class ListTokenizer implements Tokenizer {
  readonly padTokenId = 0;
  readonly eosTokenId = 1;
  /** All tokens, in the order of their ids. */
  readonly vocabulary: readonly string[];
  readonly vocabSize: number;
  private readonly ids: ReadonlyMap<string, number>;

  constructor(tokens: readonly string[]) {
    this.vocabulary = [PAD, EOS, ...tokens];
    this.vocabSize = this.vocabulary.length;
    this.ids = new Map(this.vocabulary.map((token, id) => [token, id]));
    check(this.ids.size === this.vocabSize, 'tokens', 'different from each other', tokens);
  }

  encode(text: string): number[] {
    return knownIds(this.split(text), this.ids);
  }

  decode(ids: readonly number[], options: { skipSpecialTokens?: boolean } = {}): string {
    checkNames('option', options, ['skipSpecialTokens']);
    const shown = options.skipSpecialTokens ? ids.filter((id) => id > 1) : ids;
    return this.join(shown.map((id) => this.token(id)));
  }

  token(id: number): string {
    checkIds([id], this.vocabSize);
    return this.vocabulary[id]!;
  }

  /** The id of one token. @throws RangeError if the vocabulary does not have it */
  id(token: string): number {
    return knownIds([token], this.ids)[0]!;
  }

  protected abstract readonly split: (text: string) => string[];
  protected abstract join(tokens: readonly string[]): string;
}

/**
 * Each word and each punctuation mark is one token. Decoding writes single spaces, but none before
 * closing punctuation or after an opening bracket, so decode(encode(text)) is `text` if it was
 * written that way. Line breaks count as spaces.
 */
export class WordLevelTokenizer extends ListTokenizer {
  /** All words and punctuation marks of a text, in the order of their code units. */
  static fromText(text: string): WordLevelTokenizer {
    return new WordLevelTokenizer(distinct(splitWords(text)));
  }

  /** The words that `encode` turns into ids: `words('for review.')` is ['for', 'review', '.']. */
  readonly words = splitWords;
  protected readonly split = splitWords;

  protected join(words: readonly string[]): string {
    const closed = words.join(' ').replace(/ (?=[.,;:!?)\]}](?: |$))/gu, '');
    return closed.replace(/(?<=(?:^| )[([{]) /gu, '');
  }
}

/** Each Unicode code point is one token, so a simple emoji is one token, too. */
export class CharacterTokenizer extends ListTokenizer {
  /** All characters of a text, in the order of their code units. */
  static fromText(text: string): CharacterTokenizer {
    return new CharacterTokenizer(distinct(splitCharacters(text)));
  }

  protected readonly split = splitCharacters;

  protected join(tokens: readonly string[]): string {
    return tokens.join('');
  }
}

/** The distinct tokens of a text, sorted by code units, without the special ones. */
function distinct(tokens: readonly string[]): string[] {
  return [...new Set(tokens)].filter((token) => token !== EOS && token !== PAD).sort();
}

function splitWords(text: string): string[] {
  return text.match(WORD) ?? [];
}

function splitCharacters(text: string): string[] {
  return text.match(/<eos>|<pad>|[^]/gu) ?? [];
}
