/**
 * The questions of the self-test (16.9), in the order of the sections; self-test.ts marks the
 * answers.
 */
import type { Question } from './self-test';

export const QUESTIONS: readonly Question[] = [
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
    name: 'minusHundred',
    section: '16.5.6',
    right: 'c',
    text: 'Rows of different lengths are padded for training. What is the target at a '
      + 'padding position?',
    choices: {
      a: ['the padding token', 'Then the model learns to write padding, and the mean counts it.'],
      b: ['the end token', 'Only the first position after a text has the end token as its target.'],
      c: [
        '−100, which the loss leaves out',
        'The position is neither in the sum nor in the count.',
      ],
      d: ['the last real token', 'Then the model learns to repeat its last word.'],
    },
  },
  {
    name: 'noShift',
    section: '16.5.4',
    right: 'a',
    text: 'A row is padded on the left and masked, but its positions count the padding, '
      + 'too. What do you see?',
    choices: {
      a: [
        'a plausible text from somewhat wrong logits, and no error',
        'The first word is read as if it had others before it; only a comparison with '
        + 'the row alone shows it.',
      ],
      b: ['NaN', 'No number overflows here.'],
      c: [
        'an error: positions must begin at 0',
        'Any position below the context length is allowed.',
      ],
      d: [
        'exactly the right text, since padding is masked',
        'The mask hides the padding; the positions of the real words have still moved.',
      ],
    },
  },
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
