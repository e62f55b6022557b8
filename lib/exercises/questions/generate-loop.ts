/** Questions of the self-test on the generate loop (16.4). */
import type { Question } from '../self-test';

export const GENERATE_LOOP: readonly Question[] = [
  {
    name: 'lastPosition',
    section: '16.4.2',
    right: 'd',
    text: 'Why does the loop take only the logits of the last position?',
    choices: {
      a: [
        'The others are less accurate.',
        'They are equally good, but they predict different tokens.',
      ],
      b: ['To make it deterministic.', 'Argmax is deterministic at every position.'],
      c: [
        'The others are masked.',
        'The mask hides inputs to the right; every position has logits.',
      ],
      d: [
        'The others predict tokens that are already there.',
        'Only the last one predicts a token that is not there yet.',
      ],
    },
  },
  {
    name: 'growingMemory',
    section: '16.4.2',
    right: 'd',
    text: 'A loop of your own writes the right tokens, but its memory grows with each '
      + 'token until the process ends. What do you check first?',
    choices: {
      a: [
        'whether the text ends',
        'An endless text takes time; each pass over a short window needs the same memory.',
      ],
      b: ['the temperature', 'It does not change the size of anything.'],
      c: ['whether the mask is causal', 'Then the tokens would be wrong.'],
      d: [
        'whether the tensors of each pass are freed, and gradients are off',
        'What a pass leaves behind stays until somebody frees it.',
      ],
    },
  },
  {
    name: 'twoEnds',
    section: '16.4.2',
    right: 'c',
    text:
      'A loop has one stop: the newest token, which the model has just chosen, is the end token. '
      + 'What can go wrong?',
    choices: {
      a: [
        'Nothing: every text ends.',
        'Greedy decoding can repeat itself without end; 16.4 shows such a text.',
      ],
      b: ['It stops too early.', 'It stops where the model ends its text, not earlier.'],
      c: ['The end token may never come.', 'So every loop has a limit on new tokens as well.'],
      d: [
        'The end token is missing in the result.',
        'It is in the result if the loop appends before it checks.',
      ],
    },
  },
  {
    name: 'differentTexts',
    section: '16.4.2',
    right: 'a',
    text: 'On your own machine, greedy decoding of one prompt, alone in its batch, gives a '
      + 'different text at every call. What do you check first?',
    choices: {
      a: ['whether eval() was called', 'In training mode dropout changes every pass.'],
      b: ['the seed of the sampler', 'Greedy decoding uses no random numbers.'],
      c: ['the temperature', 'It does not change which token is the most probable.'],
      d: ['the length of the prompt', 'The prompt is the same at every call.'],
    },
  },
];
