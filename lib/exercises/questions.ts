/**
 * The questions of the chapter's self-test (16.9), in the order of its sections; self-test.ts marks
 * them.
 */
import type { Question } from './self-test';

export const QUESTIONS: readonly Question[] = [
  {
    name: 'coreDifference',
    section: '16.1',
    right: 'c',
    asks: 'Training runs in parallel, inference step by step. Why?',
    choices: {
      a: [
        'Training has the larger machines.',
        'One model on one machine shows the same difference.',
      ],
      b: ['Inference uses another, serial model.', 'It is the same model with the same weights.'],
      c: [
        'Training knows the next token at every position, inference does not.',
        'Known answers need no waiting.',
      ],
      d: ['Inference also has to compute gradients.', 'It is training that computes gradients.'],
    },
  },
  {
    name: 'shiftedPair',
    section: '16.2.1',
    right: 'b',
    asks: 'The text is "The agent opened a pull request for". Which target stands at "request"?',
    choices: {
      a: ['"request"', 'A model that repeats its input would be perfect, and useless.'],
      b: ['"for"', 'The target is the text shifted by one: each position predicts its successor.'],
      c: ['"pull"', 'That lies to the left: it is already in the input.'],
      d: ['none, it is the prompt', 'In training there is no prompt: every position has a target.'],
    },
  },
  {
    name: 'wrongGuess',
    section: '16.2.1',
    right: 'a',
    asks:
      'In training the model guesses "agents" after "The", but the text says "agent". What does it read next?',
    choices: {
      a: [
        '"agent", the true token',
        'That is teacher forcing: a wrong guess costs loss, and is not fed back.',
      ],
      b: ['"agents", its own guess', 'That is free running, as in inference.'],
      c: ['nothing, the pass stops', 'A pass never stops: all positions are computed at once.'],
      d: ['both, one after the other', 'Each position holds exactly one token.'],
    },
  },
  {
    name: 'predictionsPerPass',
    section: '16.2.2',
    right: 'd',
    asks: 'A training row has T input tokens. How many predictions does one forward pass give?',
    choices: {
      a: ['1, at the last position', 'That is all that inference uses. Training uses more.'],
      b: [
        'T − 1, since the last one has no successor',
        'The shifted targets give the last input a successor, too.',
      ],
      c: [
        'T × T, one for each pair of positions',
        'Attention compares pairs; a prediction stands at a position.',
      ],
      d: ['T, one at each position', 'All in one pass: this is what makes training efficient.'],
    },
  },
  {
    name: 'noMask',
    section: '16.2.3',
    right: 'b',
    asks:
      'Without the causal mask the loss falls under the entropy floor. What has the model learned?',
    choices: {
      a: ['the language, better than anybody', 'No model of the language can be below the floor.'],
      b: [
        'to read its target from the input',
        'It cheats: in inference that token does not exist yet.',
      ],
      c: ['to sample with a lower temperature', 'The loss has nothing to do with sampling.'],
      d: [
        'nothing, the loss is broken',
        'The loss is computed rightly, on inputs that tell too much.',
      ],
    },
  },
  {
    name: 'oneStep',
    section: '16.3.1',
    right: 'a',
    asks: 'What happens in one step of generation, in this order?',
    choices: {
      a: [
        'forward pass, choose at the last position, append',
        'And the longer text is the next input.',
      ],
      b: ['choose, forward pass, compare with the target', 'There is no target to compare with.'],
      c: ['forward pass, loss, update, append', 'Loss and update belong to training.'],
      d: [
        'append, forward pass, choose at every position',
        'Nothing can be appended before it was chosen.',
      ],
    },
  },
  {
    name: 'twoEnds',
    section: '16.3.2',
    right: 'c',
    asks: 'A loop stops only at the end token. What can go wrong?',
    choices: {
      a: [
        'Nothing: every text ends.',
        'Greedy decoding can repeat itself for ever; 16.4 shows such a text.',
      ],
      b: ['It stops too early.', 'The end token comes when the model says so, not earlier.'],
      c: ['The end token may never come.', 'So every loop has a limit on new tokens as well.'],
      d: [
        'The end token is missing in the result.',
        'Append before you ask, and it is in the result.',
      ],
    },
  },
  {
    name: 'fullContext',
    section: '16.3.3',
    right: 'd',
    asks: 'A chat is longer than the context. What does the model do with its beginning?',
    choices: {
      a: ['It remembers the gist.', 'Nothing is kept between passes that was not in the input.'],
      b: ['It pays it less attention.', 'To attend to a token, the token has to be in the input.'],
      c: ['It compresses it.', 'Somebody else may summarize it; the model does nothing by itself.'],
      d: [
        'It never sees it.',
        'Only the most recent tokens are the input. It cannot even miss the others.',
      ],
    },
  },
  {
    name: 'lastPosition',
    section: '16.4.2',
    right: 'd',
    asks: 'Why does the loop take only the logits of the last position?',
    choices: {
      a: ['The others are less accurate.', 'They are as good; they answer other questions.'],
      b: ['To make it deterministic.', 'Argmax is deterministic at every position.'],
      c: [
        'The others are masked.',
        'The mask hides inputs to the right; every position has logits.',
      ],
      d: [
        'The others predict tokens that are already there.',
        'Only the last one is about the token to come.',
      ],
    },
  },
  {
    name: 'paddingMask',
    section: '16.5',
    right: 'b',
    asks:
      '"Summarize" (1 token) shares a batch with a prompt of 6. Which attention mask does its row get?',
    choices: {
      a: [
        '1 0 0 0 0 0',
        'That is right padding: the last position, which predicts, would be padding.',
      ],
      b: [
        '0 0 0 0 0 1',
        'Padding on the left and hidden: the last position is the last real token.',
      ],
      c: ['1 1 1 1 1 1', 'Then the model reads five padding tokens as if they were text.'],
      d: ['0 0 0 0 0 0', 'Then nothing is left to attend to.'],
    },
  },
  {
    name: 'whySlow',
    section: '16.6.2',
    right: 'a',
    asks: 'N tokens are generated. Why does that take longer than one training pass over as many?',
    choices: {
      a: [
        'It takes N passes that wait for each other.',
        'Serial by definition: each input holds the token before.',
      ],
      b: ['Sampling is slow.', 'Choosing a token is cheap beside a pass.'],
      c: ['Dropout is off.', 'That saves a little time, if anything.'],
      d: ['Inference needs more memory.', 'It needs less: nothing is stored for a backward pass.'],
    },
  },
  {
    name: 'cache',
    section: '16.6.2',
    right: 'c',
    asks: 'What does a KV cache save?',
    choices: {
      a: [
        'passes: several tokens come out of one',
        'The number of passes stays; each becomes shorter.',
      ],
      b: ['memory', 'It costs memory, and buys time with it.'],
      c: [
        'computing keys and values of earlier tokens again',
        'They never change, so a pass is over new tokens only.',
      ],
      d: ['the weights between two calls', 'Those stay anyway; the cache belongs to one text.'],
    },
  },
  {
    name: 'differentTexts',
    section: '16.6.3',
    right: 'a',
    asks:
      'Greedy decoding of one prompt gives another text at every call. Where do you look first?',
    choices: {
      a: ['whether eval() was called', 'In training mode dropout changes every pass.'],
      b: ['at the seed of the sampler', 'Greedy decoding draws nothing.'],
      c: ['at the temperature', 'It does not change which token is the most probable.'],
      d: ['at the length of the prompt', 'The prompt is the same at every call.'],
    },
  },
  {
    name: 'temperature',
    section: '16.7.2',
    right: 'd',
    asks: 'What does a temperature of 0.5 do to a distribution?',
    choices: {
      a: [
        'The order of the tokens changes.',
        'Dividing all logits by one number keeps their order.',
      ],
      b: ['It becomes flatter.', 'That is a temperature above 1.'],
      c: ['Tokens below 0.5 are removed.', 'Removing tokens is what top-k and top-p do.'],
      d: ['It becomes sharper.', 'Probable tokens win, improbable ones lose; the order stays.'],
    },
  },
  {
    name: 'nucleus',
    section: '16.7.1',
    right: 'c',
    asks: 'Probabilities 0.5, 0.3, 0.15, 0.05. Which tokens does top-p with P = 0.7 keep?',
    choices: {
      a: ['the first', 'Its sum is 0.5: P is not reached yet.'],
      b: ['the first three', 'One too many: the sum reaches P before the third.'],
      c: ['the first two', 'The token that crosses P belongs to the set.'],
      d: ['those above 0.7', 'There is none. P is about the sum, not about single tokens.'],
    },
  },
  {
    name: 'strategies',
    section: '16.7.1',
    right: 'b',
    asks: 'You want ten different stories, all of them sensible. How do you decode?',
    choices: {
      a: ['greedy', 'Ten calls, one story: greedy decoding is deterministic.'],
      b: [
        'sampling with top-p or top-k',
        'It varies among the probable tokens and never takes the odd ones.',
      ],
      c: [
        'sampling at a temperature of 3',
        'Different, yes. At such a temperature hardly sensible.',
      ],
      d: [
        'beam search',
        'It looks for the most probable text, and its beams are often nearly alike.',
      ],
    },
  },
  {
    name: 'parallelText',
    section: '16.8',
    right: 'a',
    asks:
      'A model chooses all words of a sentence at once, each by its own distribution. What goes wrong?',
    choices: {
      a: [
        'Words of different good sentences are mixed.',
        'Each choice ignores what the others became.',
      ],
      b: ['Every single word is improbable.', 'Each word is well chosen, taken alone.'],
      c: ['It becomes slower.', 'It is faster: that is its promise.'],
      d: ['The sentence becomes too long.', 'Length is not where it fails.'],
    },
  },
];
