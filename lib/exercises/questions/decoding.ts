/** Questions of the self-test on decoding strategies (16.7). */
import type { Question } from '../self-test';

export const DECODING_STRATEGIES: readonly Question[] = [
  {
    name: 'temperature',
    section: '16.7.2',
    right: 'd',
    text: 'What does a temperature of 0.5 do to a distribution?',
    choices: {
      a: [
        'The order of the tokens changes.',
        'Dividing all logits by one positive number keeps their order.',
      ],
      b: ['It becomes flatter.', 'That is a temperature above 1.'],
      c: ['Tokens below 0.5 are removed.', 'Removing tokens is what top-k and top-p do.'],
      d: [
        'It becomes sharper.',
        'Probable tokens gain, improbable ones lose; the order stays the same.',
      ],
    },
  },
  {
    name: 'nucleus',
    section: '16.7.4',
    right: 'c',
    text: 'Probabilities 0.5, 0.3, 0.15, 0.05. Which tokens does top-p with P = 0.7 keep?',
    choices: {
      a: ['the first', 'The sum is 0.5: P is not reached yet.'],
      b: ['the first three', 'That is one too many: the sum reaches P before the third.'],
      c: ['the first two', 'The token with which the sum crosses P belongs to the set.'],
      d: ['those above 0.7', 'There is none. P limits the sum, not single tokens.'],
    },
  },
  {
    name: 'shiftedLogits',
    section: '16.7.6',
    right: 'c',
    text:
      'Add 10 to all logits of a model. Which setting gives a different distribution than before?',
    choices: {
      a: ['temperature', 'It divides the differences of logits, which are the same.'],
      b: ['top-p', 'It sees probabilities, and softmax ignores the constant.'],
      c: ['repetition penalty', 'It divides the logit itself, so it depends on where zero is.'],
      d: ['presence penalty', 'It subtracts a number, whatever the logit is.'],
    },
  },
  {
    name: 'beamLoop',
    section: '16.7.10',
    right: 'd',
    text: 'With 4 beams and the default length penalty of 1 you get "and waited and waited '
      + '…". The sentence "for approval ." is a hundred times as probable. Why does it lose?',
    choices: {
      a: ['4 beams are too few to keep it.', 'With lengthPenalty 0, 4 beams find it.'],
      b: [
        'Beam search samples, and this time it was unlucky.',
        'It takes the best score without any random number.',
      ],
      c: [
        'The model has not learned the sentence.',
        'Both probabilities here are those of the exact language.',
      ],
      d: [
        'The log-probability is divided by the length, which favours long texts.',
        'Each more "and waited" costs little for each token, so the quotient improves.',
      ],
    },
  },
];
