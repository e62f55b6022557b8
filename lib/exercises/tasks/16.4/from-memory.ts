import type { Random } from '../../../base/random';
import { language, wordTokenizer } from '../../../language/little-language';
import type { Case, Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { equal, inWords } from '../../plain';

const solution = `function fromMemory(
  reader: GPT,
  ids: number[],
  stopTokens: number[],
  maxNewTokens: number,
): number[] {
  reader.eval();
  const text = [...ids];
  for (let i = 0; i < maxNewTokens; i++) {
    const inputIds = text.slice(-reader.config.nPositions);
    const next = tf.tidy(() => {
      const logits = reader.forward([inputIds]); // [1, seq, vocab]
      return logits.slice([0, inputIds.length - 1, 0]).argMax(-1).dataSync()[0];
    });
    text.push(next);
    if (stopTokens.includes(next)) break;
  }
  return text;
}`;

const encode = (text: string): number[] => text.split(' ').map((word) => wordTokenizer.id(word));
const PROMPT = encode('The agent opened a pull request');
/** Longer than the context of 64 tokens. */
const LONG = Array.from({ length: 11 }, () => encode('The reviewers waited for advice . <eos>'))
  .flat();

const tensors = (count: number): string => `${count} tensor${count === 1 ? '' : 's'}`;

const EVAL = 'the model came in training mode, and passes ran with dropout: put it into eval mode '
  + 'first';

const SHORT =
  'the model reads less of the text than it could: give it the last nPositions tokens, not '
  + 'fewer';

/** As in the observer. */
interface Came {
  readonly text: number[];
  readonly left: number;
  readonly noisy: number;
  readonly missed: number;
}

interface Input {
  readonly ids: number[];
  readonly stopTokens: number[];
  readonly maxNewTokens: number;
  /** Whether tensors left behind count. */
  readonly tidy?: boolean;
}

function loop(ids: number[], stops: string, maxNewTokens: number, part = 0): Case {
  const stopTokens = stops === '' ? [] : encode(stops);
  const prompt = inWords(wordTokenizer.decode(ids.slice(-7)));
  const ends = stopTokens.map((id) => `"${wordTokenizer.token(id)}"`).join(' or ');
  return {
    input: { ids, stopTokens, maxNewTokens, tidy: part === 2 },
    part,
    says: `${ids.length > 7 ? `${ids.length} tokens, at the end ` : ''}${prompt}, `
      + `${ends ? `stop at ${ends}` : 'no stop tokens'}, at most ${maxNewTokens} new`,
  };
}

function randomLoop(random: Random, part = 0): Case {
  const words = language.sample(random);
  const ids = words.slice(0, 1 + random.integer(words.length)).map((word) =>
    wordTokenizer.id(word)
  );
  return loop(ids, random.integer(2) === 0 ? '. ,' : 'the a <eos>', 1 + random.integer(12), part);
}

export const fromMemory: Exercise = {
  id: '16.4.1',
  name: 'fromMemory',
  cell: 'from-memory',
  title: 'The loop, from memory',
  minutes: 15,
  difficulty: 'medium',
  statement: 'Write the whole loop, its forward pass included, without looking above. It appends '
    + 'the most probable token until it has appended one of `stopTokens`, or `maxNewTokens` new '
    + 'tokens. It must work for a model in training mode and for a text longer than the context, '
    + 'and it must leave no tensors behind.',
  stub: `function fromMemory(
  reader: GPT,
  ids: number[],
  stopTokens: number[],
  maxNewTokens: number,
): number[] {
  return ids; // your code
}`,
  solution,
  others: [
    {
      says: 'a condition at the top, and only the logits of the last position',
      source: `function fromMemory(
  reader: GPT,
  ids: number[],
  stopTokens: number[],
  maxNewTokens: number,
): number[] {
  const text = [...ids];
  const isDone = () => text.length > ids.length && stopTokens.includes(text.at(-1)!);
  while (text.length < ids.length + maxNewTokens && !isDone()) {
    const inputIds = [text.slice(-reader.config.nPositions)];
    const options = { logitsToKeep: 1, training: false };
    const best = tf.tidy(() => reader.forward(inputIds, options).argMax(-1).dataSync());
    text.push(best[0]);
  }
  return text;
}`,
    },
    {
      says: 'a call for each token, which gives the mode of the model back at the end',
      source: `function fromMemory(
  reader: GPT,
  ids: number[],
  stopTokens: number[],
  maxNewTokens: number,
): number[] {
  if (maxNewTokens === 0) return ids;
  const wasTraining = reader.training;
  reader.eval();
  const logits = reader.forward([ids.slice(-reader.config.nPositions)]);
  const all = logits.dataSync();
  logits.dispose();
  if (wasTraining) reader.train();
  const last = all.slice(-reader.config.vocabSize);
  const [next] = mostProbable(last, 1);
  const text = [...ids, next];
  if (stopTokens.includes(next)) return text;
  return fromMemory(reader, text, stopTokens, maxNewTokens - 1);
}`,
    },
  ],
  hints: [
    'Each of the five mistakes names a line that you need.',
    'The stop token belongs to the text, as `<eos>` does: append first, then ask whether it stops.',
    'In order: eval mode; a loop with a limit; in it the last `reader.config.nPositions` tokens; a '
    + 'pass in `tf.tidy`; argmax at the last position; append; stop.',
  ],
  right: 'the loop is yours: any token can end it, or the limit; in training mode, past the '
    + 'context, and without tensors left behind',
  explore: 'let stopTokens be a function (text: number[]) => boolean: which ends can you write now '
    + 'that a list of tokens cannot say?',
  parts: [
    { says: 'stop tokens and the limit', points: 2 },
    { says: 'texts longer than the context', points: 1 },
    { says: 'no tensors left behind', points: 1 },
  ],
  observer: 'ownLoop',
  shown: [
    loop(PROMPT, '', 1),
    loop(PROMPT, '<eos>', 20),
    loop(PROMPT, 'request', 20),
    loop(PROMPT, 'approval . review', 20),
    loop(PROMPT, 'review .', 20),
    loop(PROMPT, '', 6),
    loop(PROMPT, '<eos>', 0),
    loop(encode('Summarize'), 'reviewer', 9, 2),
    loop(PROMPT, '<eos>', 0, 2),
    loop(PROMPT, '', 14, 2),
    loop(encode('The agent closed the issue'), '<eos>', 62, 1),
    loop(LONG, '<eos>', 12, 1),
    loop(LONG, '', 2, 2),
  ],
  hidden: (random) => [
    ...Array.from({ length: 4 }, () => randomLoop(random)),
    ...Array.from({ length: 2 }, () => randomLoop(random, 2)),
  ],
  agrees: (came, wanted, input) => {
    const { text, left, noisy, missed } = came as unknown as Came;
    return equal(text, (wanted as unknown as Came).text) && noisy === 0 && missed === 0
      && !((input as unknown as Input).tidy === true && left > 0);
  },
  resembles: (came, ofMistake) => {
    const [yours, known] = [came, ofMistake] as unknown as [Came, Came];
    return equal(yours.text, known.text)
      && (['left', 'noisy', 'missed'] as const).every((name) =>
        yours[name] > 0 === known[name] > 0
      );
  },
  diagnose: (came, input) => {
    const { text, left, noisy, missed } = came as unknown as Came;
    const { ids, maxNewTokens, tidy } = input as unknown as Input;
    if (noisy > 0) return EVAL;
    if (ids.some((id, t) => text[t] !== id))
      return 'the text that you return must begin with the prompt';
    if (text.length > ids.length + maxNewTokens)
      return `${text.length - ids.length} new tokens, and the limit is ${maxNewTokens}`;
    if (text.length === ids.length && maxNewTokens > 0) return 'nothing is appended';
    if (missed > 0) return SHORT;
    return tidy === true && left > 0 ? `${tensors(left)} left behind` : undefined;
  },
  inMessage: (value) => {
    const { text, left, noisy, missed } = value as unknown as Came;
    const shown = text.slice(-14).map((id) => wordTokenizer.token(id)).join(' ');
    return `${text.length} token${text.length === 1 ? '' : 's'}: ${
      text.length > 14 ? '… ' : ''
    }${shown}${left > 0 ? `, and ${tensors(left)} left behind` : ''}${
      noisy > 0 ? `, with dropout in ${noisy} pass${noisy === 1 ? '' : 'es'}` : ''
    }${missed > 0 ? `, and ${missed} of the tokens not read by the last pass` : ''}`;
  },
  mistakes: [
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
  ],
  scope: async () => {
    const [{ tf }, { GPT }, { mostProbable }] = await Promise.all([
      import('../../../tensor/tf'),
      import('../../../model/gpt'),
      import('../../../base/numbers'),
    ]);
    return { tf, GPT, mostProbable };
  },
};
