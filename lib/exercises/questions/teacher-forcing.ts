/** Questions of the self-test on teacher forcing and the causal mask (16.2). */
import type { Question } from '../self-test';

export const TEACHER_FORCING: readonly Question[] = [
  {
    name: 'shiftedPair',
    section: '16.2.1',
    right: 'b',
    text: 'The text is "The agent opened a pull request for". '
      + 'What is the target at the position of "request"?',
    choices: {
      a: ['"request"', 'Then a model that repeats its input would be perfect, and useless.'],
      b: ['"for"', 'The target is the text shifted by one: each position predicts its successor.'],
      c: ['"pull"', 'That is to the left: it is already in the input.'],
      d: [
        'none, since it is the prompt',
        'In training there is no prompt: every position has a target.',
      ],
    },
  },
  {
    name: 'predictionsPerPass',
    section: '16.2.2',
    right: 'd',
    text: 'A training row has T input tokens. How many predictions does one forward pass give?',
    choices: {
      a: ['1, at the last position', 'Inference uses only that one. Training uses more.'],
      b: [
        'T − 1, since the last one has no successor',
        'The shifted targets give the last input a successor as well.',
      ],
      c: [
        'T × T, one for each pair of positions',
        'Attention compares pairs; a prediction belongs to one position.',
      ],
      d: ['T, one at each position', 'All of them in one pass: this makes training efficient.'],
    },
  },
  {
    name: 'noMask',
    section: '16.2.3',
    right: 'b',
    text:
      'Without the causal mask the loss falls below the entropy floor. What has the model learned?',
    choices: {
      a: [
        'the language, better than any other model',
        'No model of the language can be below the floor.',
      ],
      b: [
        'to read its target from the input',
        'That is cheating: in inference this token does not exist yet.',
      ],
      c: ['to sample with a lower temperature', 'The loss has nothing to do with sampling.'],
      d: [
        'nothing, the loss is broken',
        'The loss is computed correctly, on inputs that contain the answer.',
      ],
    },
  },
  {
    name: 'wrongGuess',
    section: '16.2.4',
    right: 'a',
    text: 'In training the model guesses "agents" after "The", but the text says "agent". '
      + 'What does it read next?',
    choices: {
      a: [
        '"agent", the true token',
        'That is teacher forcing: a wrong guess raises the loss and is not fed back.',
      ],
      b: ['"agents", its own guess', 'That is free running, as in inference.'],
      c: [
        'nothing, the pass stops',
        'A pass never stops early: all positions are computed at once.',
      ],
      d: ['both, one after the other', 'Each position holds exactly one token.'],
    },
  },
];
