import type { Random } from '../../../base/random';
import { language, wordTokenizer } from '../../../language/little-language';
import type { Case, Exercise } from '../../exercise';
import { equal, inWords } from '../../plain';
import { others, solution } from './from-memory-answers';
import { EVAL, mistakes, SHORT } from './from-memory-mistakes';

const encode = (text: string): number[] => text.split(' ').map((word) => wordTokenizer.id(word));
const PROMPT = encode('The agent opened a pull request');
/** Longer than the context of 64 tokens. */
const LONG = Array.from({ length: 11 }, () => encode('The reviewers waited for advice . <eos>'))
  .flat();

const tensors = (count: number): string => `${count} tensor${count === 1 ? '' : 's'}`;

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
  others,
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
  mistakes,
  scope: async () => {
    const [{ tf }, { GPT }, { mostProbable }] = await Promise.all([
      import('../../../tensor/tf'),
      import('../../../model/gpt'),
      import('../../../base/numbers'),
    ]);
    return { tf, GPT, mostProbable };
  },
};
