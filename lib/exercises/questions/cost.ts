/** Questions of the self-test on what inference costs (16.6). */
import type { Question } from '../self-test';

export const COST: readonly Question[] = [
  {
    name: 'otherBatch',
    section: '16.6.2',
    right: 'b',
    text: 'On a GPU server in bfloat16, the same greedy prompt sometimes gets a different '
      + 'text when many requests share its batch. What is the most likely cause?',
    choices: {
      a: ['The neighbours leak into the row.', 'The mask and the rows keep them apart.'],
      b: [
        'Sums are computed in a different order and rounded differently, which decides near-ties.',
        'In float32 the difference is about a millionth; in 16 bits it reaches the gap '
        + 'between two tokens.',
      ],
      c: [
        'eval() was forgotten.',
        'Then the text would differ at every call, also without any traffic.',
      ],
      d: ['The seed differs.', 'Greedy decoding uses no random numbers.'],
    },
  },
  {
    name: 'prefill',
    section: '16.6.5',
    right: 'b',
    text: 'On an idle server a chat model shows nothing for two seconds and then streams. '
      + 'Which pass took the two seconds?',
    choices: {
      a: [
        'the one of the first new token after the prompt was read',
        'The first new token comes out of the pass that reads the prompt.',
      ],
      b: [
        'the one over the whole prompt (prefill)',
        'Its tokens are known, so one pass reads all of them, and its time grows with the prompt.',
      ],
      c: [
        'the one that loads the weights',
        'They have been in memory since the server was started.',
      ],
      d: [
        'all passes together: the text is held back until it is complete',
        'Then it would come at once instead of being streamed.',
      ],
    },
  },
  {
    name: 'cache',
    section: '16.6.2',
    right: 'c',
    text: 'What does a KV cache by itself save?',
    choices: {
      a: [
        'passes: several tokens come out of one',
        'With a cache alone the number of passes is the same; each becomes shorter.',
      ],
      b: ['memory', 'It costs memory and saves time.'],
      c: [
        'computing the keys and values of earlier tokens again',
        'They never change, so a pass computes new tokens only.',
      ],
      d: [
        'loading the weights between two calls',
        'The weights stay in memory anyway; the cache belongs to one text.',
      ],
    },
  },
  {
    name: 'refusedDraft',
    section: '16.6.8',
    right: 'd',
    text: 'In speculative decoding the model rejects a token of the draft. What takes its '
      + 'place, so that the text has exactly the model’s distribution?',
    choices: {
      a: ['the most probable token of the model', 'Then rare tokens would come too seldom.'],
      b: [
        'a sample from the model’s distribution',
        'The accepted tokens already have a part of it: the rest would be counted twice.',
      ],
      c: ['the draft’s second choice', 'The draft may be wrong there, too.'],
      d: [
        'a sample from what the model has more of than the draft, normalized',
        'max(0, p − q) is exactly what the accepted tokens lack.',
      ],
    },
  },
  {
    name: 'whySlow',
    section: '16.6.1',
    right: 'a',
    text: 'N tokens are generated. Why can this not be one pass, as in training on N tokens?',
    choices: {
      a: [
        'Each pass needs the token that the one before has chosen.',
        'So there are N passes that wait for each other. (A draft model can propose tokens, '
        + 'several of which one pass then verifies; the proposals are still made one by one.)',
      ],
      b: [
        'Sampling is slow.',
        'Choosing a token is cheap compared with a pass, and does not need one.',
      ],
      c: ['Dropout is off.', 'That saves a little time and does not change the number of passes.'],
      d: ['Inference needs more memory.', 'It needs less: nothing is stored for a backward pass.'],
    },
  },
];
