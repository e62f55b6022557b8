/**
 * The questions of the self-test (16.9), in the order of the sections; self-test.ts marks the
 * answers.
 */
import type { Question } from './self-test';

export const QUESTIONS: readonly Question[] = [
  {
    name: 'coreDifference',
    section: '16.1',
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
    name: 'wrongGuess',
    section: '16.2.1',
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
    name: 'twoEnds',
    section: '16.3.2',
    right: 'c',
    text: 'A loop stops only when the model chooses the end token. What can go wrong?',
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
    name: 'fullContext',
    section: '16.3.3',
    right: 'd',
    text: 'A chat is longer than the context, so the loop keeps its most recent tokens only. '
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
  {
    name: 'cache',
    section: '16.6.2',
    right: 'c',
    text: 'What does a KV cache save?',
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
    name: 'differentTexts',
    section: '16.6.7',
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
    name: 'strategies',
    section: '16.7.12',
    right: 'b',
    text: 'You want ten different stories, all of them sensible. How do you decode?',
    choices: {
      a: ['greedy', 'Ten calls, one story: greedy decoding is deterministic.'],
      b: [
        'sampling with top-p or top-k',
        'It varies among the probable tokens and never takes the improbable ones.',
      ],
      c: [
        'sampling at a temperature of 3',
        'They are different, but at such a temperature hardly sensible.',
      ],
      d: [
        'beam search',
        'It searches for the most probable text, and its beams are often nearly the same.',
      ],
    },
  },
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
];
