import { checkInteger } from '../base/checks';

/** Text → ids → text. Ids are integers from 0 to `vocabSize - 1`. */
export interface Tokenizer {
  readonly vocabSize: number;
  /** The end-of-sequence token: generation stops when it comes. */
  readonly eosTokenId: number;
  /** The token that fills short rows of a batch; its content never counts. */
  readonly padTokenId: number;
  /** Throws a RangeError for text that the vocabulary cannot say. */
  encode(text: string): number[];
  /**
   * Throws a RangeError for an id outside the vocabulary. Special tokens are shown unless they are
   * to be skipped.
   */
  decode(ids: readonly number[], options?: { skipSpecialTokens?: boolean }): string;
  /** One token as a label, e.g. for an axis of a plot. */
  token(id: number): string;
}

/** @throws RangeError for an id outside a vocabulary of `vocabSize` tokens */
export function checkIds(ids: readonly number[], vocabSize: number): void {
  for (const id of ids) checkInteger('a token id', id, { from: 0, to: vocabSize - 1 });
}

/** The token that ends a text. */
export const EOS = '<eos>';
export const PAD = '<pad>';

/**
 * What the two tokenizers with a plain list of tokens share: `<pad>` is 0, `<eos>` is 1, then the
 * list.
 */
abstract class ListTokenizer implements Tokenizer {
  readonly padTokenId = 0;
  readonly eosTokenId = 1;
  private readonly tokens: readonly string[];
  private readonly ids: ReadonlyMap<string, number>;

  constructor(tokens: readonly string[]) {
    this.tokens = [PAD, EOS, ...tokens];
    this.ids = new Map(this.tokens.map((token, id) => [token, id]));
    if (this.ids.size < this.tokens.length)
      throw new RangeError('the tokens of a vocabulary must all be different');
  }

  get vocabSize(): number {
    return this.tokens.length;
  }

  /** All tokens, in the order of their ids. */
  get vocabulary(): readonly string[] {
    return this.tokens;
  }

  encode(text: string): number[] {
    return this.split(text).map((token) => this.id(token));
  }

  decode(ids: readonly number[], options: { skipSpecialTokens?: boolean } = {}): string {
    const shown = options.skipSpecialTokens ? ids.filter((id) => id > 1) : ids;
    return this.join(shown.map((id) => this.token(id)));
  }

  token(id: number): string {
    checkIds([id], this.vocabSize);
    return this.tokens[id]!;
  }

  /** The id of one token. */
  id(token: string): number {
    const id = this.ids.get(token);
    if (id === undefined) {
      throw new RangeError(
        `${JSON.stringify(token)} is not among the ${this.vocabSize} tokens of this vocabulary`,
      );
    }
    return id;
  }

  protected abstract split(text: string): string[];
  protected abstract join(tokens: readonly string[]): string;
}

/**
 * One word, one token; so is each punctuation mark. Decoding writes single spaces, none before
 * closing punctuation, so decode(encode(text)) is `text` if that is how it was written. Line breaks
 * count as spaces.
 */
export class WordTokenizer extends ListTokenizer {
  /** All words and punctuation marks of a text, in the order of their code units. */
  static fromText(text: string): WordTokenizer {
    const words = new Set(splitWords(text).filter((word) => word !== EOS && word !== PAD));
    return new WordTokenizer([...words].sort());
  }

  /** The text as a list of words, as `encode` sees it: `words('for review.')` is for, review, . */
  words(text: string): string[] {
    return splitWords(text);
  }

  protected split(text: string): string[] {
    return splitWords(text);
  }

  protected join(words: readonly string[]): string {
    return words.join(' ').replace(/ (?=[.,;:!?)\]}](?: |$))/gu, '').replace(
      /(?<=(?:^| )[([{]) /gu,
      '',
    );
  }
}

/** One character, one token; by Unicode code points, so that an emoji is one. */
export class CharTokenizer extends ListTokenizer {
  /** All characters of a text, in the order of their code units. */
  static fromText(text: string): CharTokenizer {
    const characters = new Set(
      splitCharacters(text).filter((token) => token !== EOS && token !== PAD),
    );
    return new CharTokenizer([...characters].sort());
  }

  protected split(text: string): string[] {
    return splitCharacters(text);
  }

  protected join(tokens: readonly string[]): string {
    return tokens.join('');
  }
}

function splitWords(text: string): string[] {
  return text.match(/<eos>|<pad>|[\p{L}\p{M}\p{N}]+(?:['’\-_][\p{L}\p{M}\p{N}]+)*|[^\s]/gu) ?? [];
}

function splitCharacters(text: string): string[] {
  return text.match(/<eos>|<pad>|[^]/gu) ?? [];
}
