/** Questions of the self-test on eight tokens by hand (16.0). */
import type { Question } from '../self-test';

export const BY_HAND: readonly Question[] = [
  {
    name: 'attentionShares',
    section: '16.0.2',
    right: 'b',
    text: 'Eight tokens go through a causal attention head. How many of the eight tokens '
      + 'does the third one, at position 2, take something from, and what do its '
      + 'attention weights sum to?',
    choices: {
      a: [
        'from all 8; to 1',
        'That is attention without the mask: it would read five later tokens.',
      ],
      b: ['from 3; to 1', 'It reads positions 0, 1 and 2, and softmax makes their weights shares.'],
      c: ['from 2; to 1', 'A token also attends to itself.'],
      d: [
        'from 3; to 3/8',
        'Softmax runs over the tokens that are left, so nothing is missing from the sum.',
      ],
    },
  },
  {
    name: 'sameStates',
    section: '16.0.1',
    right: 'd',
    text: 'The same eight tokens are read in one pass, and then one by one. '
      + 'How do the eight last hidden states differ?',
    choices: {
      a: [
        'Those of the single pass are better, because it sees more.',
        'The mask gives both ways the same tokens to see.',
      ],
      b: [
        'Those of the serial way are better, because it takes longer.',
        'It computes the same sums, only not side by side.',
      ],
      c: [
        'Only the last one is the same.',
        'Nothing later changes what a position has computed: that is what a cache relies on.',
      ],
      d: [
        'By rounding at most.',
        'With known tokens both ways compute the same; what differs is how long it takes.',
      ],
    },
  },
  {
    name: 'oneNudge',
    section: '16.0.5',
    right: 'a',
    text: 'The gradient of the loss with respect to a weight is +2, and the learning rate '
      + 'is 0.1. What does a plain gradient step do?',
    choices: {
      a: [
        'It lowers the weight by 0.2.',
        'A positive gradient means that the loss rises with the weight, so the step goes down.',
      ],
      b: [
        'It raises the weight by 0.2.',
        'Then the loss would rise: the step goes against the gradient.',
      ],
      c: [
        'It lowers the loss by 0.2.',
        'By how much the loss falls depends on the whole curve, not on the step alone.',
      ],
      d: [
        'It sets the weight to 0.1.',
        'The rate scales the change; it is not a value for the weight.',
      ],
    },
  },
];
