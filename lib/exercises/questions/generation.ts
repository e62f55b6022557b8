/** Questions of the self-test on autoregressive generation (16.3). */
import type { Question } from '../self-test';

export const GENERATION: readonly Question[] = [
  {
    name: 'oneStep',
    section: '16.3.1',
    right: 'a',
    text: 'What happens in one step of generation, in which order?',
    choices: {
      a: [
        'forward pass, choose at the last position, append',
        'The longer text is then the next input.',
      ],
      b: ['choose, forward pass, compare with the target', 'There is no target to compare with.'],
      c: ['forward pass, loss, update, append', 'Loss and update belong to training.'],
      d: [
        'append, forward pass, choose at every position',
        'A token cannot be appended before it is chosen.',
      ],
    },
  },
  {
    name: 'fullContext',
    section: '16.3.3',
    right: 'd',
    text:
      'A chat is longer than the context, so the loop cuts the window and gives the model only the '
      + 'most recent tokens. '
      + 'What does the model do with the beginning?',
    choices: {
      a: ['It remembers a summary.', 'It has no memory besides its input.'],
      b: ['It pays it less attention.', 'Attention needs the token to be in the input.'],
      c: [
        'It compresses it.',
        'A program around the model may summarize it; the model itself does not.',
      ],
      d: [
        'It never sees it.',
        'The input is the most recent tokens; '
        + 'the model has no way to notice that the others are gone.',
      ],
    },
  },
  {
    name: 'drift',
    section: '16.3.4',
    right: 'b',
    text: 'In training a model read true texts only. Now it reads the words that it wrote '
      + 'itself. What can go wrong that its loss does not show?',
    choices: {
      a: [
        'Nothing: a low loss means good texts.',
        'The loss was measured after true words, and here it reads others.',
      ],
      b: [
        'After a word that no true text has, the next predictions can be worse, too.',
        'This is exposure bias: an error changes the input of all later steps.',
      ],
      c: ['Its weights drift away while it writes.', 'Inference does not change any weight.'],
      d: ['Its probabilities no longer sum to 1.', 'Softmax sees to that, whatever it has read.'],
    },
  },
];
