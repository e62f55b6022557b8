/** Text that appears while its tokens are generated. */
import { checkNames } from '../base/checks';
import type { Tokenizer } from '../text/tokenizer';

/** Takes the tokens of one text in their order. What all calls return, joined, is the text. */
export interface TextStream {
  /** Adds a token; returns the text that is complete now, which may be empty. */
  push(id: number): string;
  /** Returns what is left, with � for an incomplete character. Then the next text may come. */
  end(): string;
}

/**
 * A decoder for tokens that arrive one by one, for any tokenizer. One token of a byte-pair
 * encoding may be a part of a character, such as a third of 你: decoded alone it is only �. This
 * decoder waits until the character is complete. Each token is decoded together with those of the
 * piece before it, since a token may be written differently at the start of a text.
 * @throws RangeError for an option of a different name; `push`: for an id outside the vocabulary
 */
export function streamingDecoder(
  tokenizer: Tokenizer,
  options: { skipSpecialTokens?: boolean } = {},
): TextStream {
  checkNames('option', options, ['skipSpecialTokens']);
  let before: number[] = []; // the tokens of the piece that was returned last
  let open: number[] = []; // those whose text was not yet returned
  const newText = (): string => {
    const known = tokenizer.decode(before, options);
    return tokenizer.decode([...before, ...open], options).slice(known.length);
  };
  return {
    push(id) {
      tokenizer.token(id); // refuses an unknown one before it is kept
      open.push(id);
      const text = newText();
      if (text === '' || text.endsWith('�')) return '';
      [before, open] = [open, []];
      return text;
    },
    end() {
      const text = newText();
      [before, open] = [[], []];
      return text;
    },
  };
}
