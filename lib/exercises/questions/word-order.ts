/** Questions of the self-test on why the order is autoregressive (16.8). */
import type { Question } from '../self-test';

export const WORD_ORDER: readonly Question[] = [
  {
    name: 'parallelText',
    section: '16.8.2',
    right: 'a',
    text: 'A model chooses all words of a sentence at once, each from its own distribution. '
      + 'What goes wrong?',
    choices: {
      a: [
        'Words of different good sentences are mixed.',
        'Each choice ignores the other choices.',
      ],
      b: ['Every single word is improbable.', 'Taken alone, each word is well chosen.'],
      c: ['It becomes slower.', 'It is faster: that is its advantage.'],
      d: ['The sentence becomes too long.', 'The length is not what goes wrong.'],
    },
  },
  {
    name: 'anyOrder',
    section: '16.8.3',
    right: 'a',
    text: 'A filler knows the exact conditional probabilities, and one token is sampled '
      + 'and kept in each pass. Which order gives only possible texts?',
    choices: {
      a: [
        'any',
        'Each token is sampled given all that are kept, and a joint probability can be '
        + 'multiplied out in any order.',
      ],
      b: [
        'only from left to right',
        'A causal mask makes that order cheap; the chain rule holds for others as well.',
      ],
      c: [
        'only the most certain first',
        'That order helps when several tokens are kept in a pass.',
      ],
      d: ['none: only the autoregressive model is exact', 'It is one of the orders.'],
    },
  },
  {
    name: 'diffusionPrice',
    section: '16.8.5',
    right: 'c',
    text: 'A masked diffusion model writes 64 tokens in 16 passes. What does it pay for '
      + 'the 48 passes that it saves?',
    choices: {
      a: [
        'nothing: it is four times as fast',
        'Fewer passes do save time where each waits for memory, but a pass of the plain method '
        + 'computes all positions again, one with a KV cache a single one.',
      ],
      b: [
        'It cannot use what was kept before.',
        'It reads everything that is kept, on both sides.',
      ],
      c: [
        'Tokens of one pass are sampled independently of each other, and every pass of '
        + 'the plain method computes all positions.',
        'So quality falls with tokens per pass, and a causal cache cannot be used.',
      ],
      d: ['Its texts have no end.', 'It can write end tokens at the last positions.'],
    },
  },
];
