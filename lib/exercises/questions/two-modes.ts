/** Questions of the self-test on training and inference (16.1). */
import type { Question } from '../self-test';

export const TWO_MODES: readonly Question[] = [
  {
    name: 'coreDifference',
    section: '16.1.1',
    right: 'c',
    text: 'Training runs in parallel, inference step by step. Why?',
    choices: {
      a: [
        'Training uses larger machines.',
        'The difference is the same with one model on one machine.',
      ],
      b: [
        'Inference uses a different, serial model.',
        'It is the same model with the same weights.',
      ],
      c: [
        'Training knows the next token at every position, inference does not.',
        'A known answer needs no waiting.',
      ],
      d: ['Inference also has to compute gradients.', 'It is training that computes gradients.'],
    },
  },
  {
    name: 'perplexity',
    section: '16.1.2',
    right: 'b',
    text: 'The mean loss of a text is 1.386 nats, the natural logarithm of 4. What does that say?',
    choices: {
      a: [
        'A quarter of the predictions are right.',
        'A loss measures probabilities, not how often the first choice was right.',
      ],
      b: [
        'The model is as unsure as among 4 equally probable tokens.',
        'That is its perplexity, the exponential of the loss.',
      ],
      c: ['The text has 4 tokens.', 'The mean does not depend on the number of tokens.'],
      d: ['Each token takes 4 bits.', '1.386 nats are 2 bits: divide by the logarithm of 2.'],
    },
  },
  {
    name: 'twoSwitches',
    section: '16.1.9',
    right: 'c',
    text: 'You have a finished text and want to know at which words a model would have '
      + 'written a different one. Which passes does that take, and in which mode?',
    choices: {
      a: ['a pass for each word, in eval mode', 'You would wait for words that you already have.'],
      b: [
        'one pass, in training mode',
        'No weight is to change, and dropout would blur the answer.',
      ],
      c: [
        'one pass, in eval mode',
        'The words are known, so one pass is enough, and nothing is learned.',
      ],
      d: ['none: the loss of the training is enough', 'That is a mean over different texts.'],
    },
  },
];
