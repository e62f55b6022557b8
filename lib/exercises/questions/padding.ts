/** Questions of the self-test on padding and batches (16.5). */
import type { Question } from '../self-test';

export const PADDING: readonly Question[] = [
  {
    name: 'paddingMask',
    section: '16.5.2',
    right: 'b',
    text: '"Summarize" (1 token) is in a batch with a prompt of 6 tokens, and the next token of '
      + 'each is read in the last column. What is its attention mask?',
    choices: {
      a: [
        '1 0 0 0 0 0',
        'That is right padding: the last column, which is read, would be padding.',
      ],
      b: [
        '0 0 0 0 0 1',
        'The padding is on the left and hidden: the last position is the last real token.',
      ],
      c: ['1 1 1 1 1 1', 'Then the model reads five padding tokens as text.'],
      d: ['0 0 0 0 0 0', 'Then no token is left to attend to.'],
    },
  },
  {
    name: 'minusHundred',
    section: '16.5.6',
    right: 'c',
    text: 'Rows of different lengths are padded for training. What is the target at a '
      + 'padding position?',
    choices: {
      a: ['the padding token', 'Then the model learns to write padding, and the mean counts it.'],
      b: ['the end token', 'Only the first position after a text has the end token as its target.'],
      c: [
        '−100, which the loss leaves out',
        'The position is neither in the sum nor in the count.',
      ],
      d: ['the last real token', 'Then the model learns to repeat its last word.'],
    },
  },
  {
    name: 'noShift',
    section: '16.5.4',
    right: 'a',
    text: 'A row is padded on the left and masked, but its positions count the padding, '
      + 'too. What do you see?',
    choices: {
      a: [
        'a plausible text from somewhat wrong logits, and no error',
        'The first word is read as if it had others before it; only a comparison with '
        + 'the row alone shows it.',
      ],
      b: ['NaN', 'No number overflows here.'],
      c: [
        'an error: positions must begin at 0',
        'Any position below the context length is allowed.',
      ],
      d: [
        'exactly the right text, since padding is masked',
        'The mask hides the padding; the positions of the real words have still moved.',
      ],
    },
  },
];
