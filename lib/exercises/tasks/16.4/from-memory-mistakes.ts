/** Expected wrong answers to 16.4.1, the loop from memory. */
import { edit, type Mistake } from '../../exercise';
import { solution } from './from-memory-answers';

export const EVAL =
  'the model came in training mode, and passes ran with dropout: put it into eval mode '
  + 'first';

export const SHORT =
  'the model reads less of the text than it could: give it the last nPositions tokens, not '
  + 'fewer';

export const mistakes: readonly Mistake[] = [
  { says: EVAL, source: edit(solution, ['  reader.eval();\n', '']) },
  {
    says: 'a text longer than the context: give the model only the last nPositions tokens',
    source: edit(solution, ['text.slice(-reader.config.nPositions)', 'text']),
  },
  {
    says: 'past the context the last position is that of what the model reads, '
      + 'inputIds.length - 1, not that of the whole text',
    source: edit(solution, ['[0, inputIds.length - 1, 0]', '[0, text.length - 1, 0]']),
  },
  {
    says: 'past the context the model reads the first tokens: it must read the last ones',
    source: edit(solution, ['slice(-reader', 'slice(0, reader']),
  },
  {
    says: SHORT,
    source: edit(solution, [
      'text.slice(-reader.config.nPositions)',
      'text.slice(-20)',
    ]),
  },
  {
    says: SHORT,
    source: edit(solution, [
      '-reader.config.nPositions',
      '-Math.floor(reader.config.nPositions / 2)',
    ]),
  },
  {
    says: SHORT,
    source: edit(solution, ['-reader.config.nPositions', '1 - reader.config.nPositions']),
  },
  {
    says: EVAL,
    source: edit(solution, ['  reader.eval();\n', ''], [
      '[inputIds])',
      '[inputIds], { training: text.length === 77 })',
    ]),
  },
  {
    says: 'the right tokens, but tensors stay behind: tf.tidy frees those of each pass',
    source: edit(solution, ['tf.tidy(() => {', '(() => {'], ['    });', '    })();']),
  },
  {
    says: 'the right tokens, but a tensor stays behind, for some of the texts',
    source: edit(solution, [
      '  return text;',
      '  if (maxNewTokens > 10) tf.scalar(1);\n  return text;',
    ]),
  },
  {
    says: 'the stop token is missing: it belongs to the text',
    source: edit(solution, [
      'text.push(next);\n    if (stopTokens.includes(next)) break;',
      'if (stopTokens.includes(next)) break;\n    text.push(next);',
    ]),
  },
  {
    says: 'only the first of the stop tokens ends the text: each of them must',
    source: edit(solution, ['stopTokens.includes(next)', 'stopTokens[0] === next']),
  },
  {
    says: 'only <eos> ends the text: the stop tokens that are given must',
    source: edit(solution, [
      'stopTokens.includes(next)',
      'next === reader.config.eosTokenId',
    ]),
  },
  {
    says: '<eos> ends the text although it is not among the stop tokens',
    source: edit(solution, [
      'stopTokens.includes(next)',
      '[...stopTokens, reader.config.eosTokenId].includes(next)',
    ]),
  },
  {
    says: 'nothing but the limit ends the text: the stop tokens must, too',
    source: edit(solution, ['    if (stopTokens.includes(next)) break;\n', '']),
  },
  {
    says: 'a stop token in the prompt ends the text: only one that was appended may',
    source: edit(solution, [
      '    const inputIds',
      '    if (text.some((id) => '
      + 'stopTokens.includes(id))) break;\n    const inputIds',
    ]),
  },
  {
    says: 'maxNewTokens is taken as the length of the whole text: it counts new tokens',
    source: edit(solution, ['let i = 0;', 'let i = ids.length;']),
  },
  {
    says: 'one token too many: the limit is maxNewTokens',
    source: edit(solution, ['i < maxNewTokens', 'i <= maxNewTokens']),
  },
  {
    says: 'one token is appended even if maxNewTokens is 0',
    source: edit(solution, ['i < maxNewTokens', 'i === 0 || i < maxNewTokens']),
  },
  {
    says: 'only the new tokens are returned: return the prompt and them',
    source: edit(solution, ['return text;', 'return text.slice(ids.length);']),
  },
  {
    says: 'this is the guess at the first position: the next token is guessed at the last one',
    source: edit(solution, ['logits.slice([0, inputIds.length - 1, 0])', 'logits']),
  },
  {
    says: 'the guesses of all positions are appended: only the last one is about a new token',
    source: edit(
      solution,
      [
        '.slice([0, inputIds.length - 1, 0]).argMax(-1).dataSync()[0]',
        '.argMax(-1).dataSync()',
      ],
      ['text.push(next)', 'text.push(...next)'],
      [
        'stopTokens.includes(next)',
        'stopTokens.includes(next.at(-1))',
      ],
    ),
  },
  {
    says: 'this is the guess one position before the last: the last index is length - 1',
    source: edit(solution, ['inputIds.length - 1', 'Math.max(0, inputIds.length - 2)']),
  },
];
