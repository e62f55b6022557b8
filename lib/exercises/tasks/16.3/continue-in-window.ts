import { mostProbable } from '../../../base/numbers';
import type { Random } from '../../../base/random';
import { generate } from '../../../inference/generate';
import { predictNext } from '../../../inference/next-token';
import { language, wordTokenizer } from '../../../language/little-language';
import type { Case, Exercise } from '../../exercise';
import { edit } from '../../exercise';
import type { Plain } from '../../plain';
import { trainedModel } from '../../observers/trained-model';

const solution = `async function continueInWindow(
  ids: number[],
  count: number,
  size: number,
): Promise<number[]> {
  const text = [...ids];
  for (let i = 0; i < count; i++) {
    const probabilities = await predictNext(model, text.slice(-size));
    text.push(mostProbable(probabilities, 1)[0]);
  }
  return text;
}`;

const encode = (text: string): number[] => wordTokenizer.encode(text);
const SIX = encode('The agent opened a pull request');
const SEVEN = encode('The agents opened a pull request and');

/** The beginning of a random sentence, with a window. */
function randomCase(random: Random): Case {
  const words = [...language.sample(random), ...language.sample(random)];
  const ids = words.slice(0, 3 + random.integer(9)).map((each) => wordTokenizer.id(each));
  return { input: [ids, 4 + random.integer(4), 2 + random.integer(4)], part: 1 };
}

export const continueInWindow: Exercise = {
  id: '16.3.2',
  name: 'continueInWindow',
  cell: 'continue',
  title: 'A window of your own',
  minutes: 10,
  difficulty: 'medium',
  statement: 'Write `continueInWindow`: it appends the most probable token to `ids`, `count` '
    + 'times, also after an `<eos>`, and returns the whole text. At every step `model` may read '
    + 'only the last `size` tokens of the text, or all of them while there are not as many.',
  stub: `async function continueInWindow(
  ids: number[],
  count: number,
  size: number,
): Promise<number[]> {
  return ids; // your code
}`,
  solution,
  others: [
    {
      says: 'the library writes one token after each window',
      source: `async function continueInWindow(
  ids: number[],
  count: number,
  size: number,
): Promise<number[]> {
  const text = [...ids];
  while (text.length < ids.length + count) {
    const read = [text.slice(-size)];
    const { sequences } = await generate(model, read, { maxNewTokens: 1 });
    text.push(sequences[0].at(-1)!);
  }
  return text;
}`,
    },
    {
      says: 'a call for each token: what is left is written by the next call',
      source: `async function continueInWindow(
  ids: number[],
  count: number,
  size: number,
): Promise<number[]> {
  if (count === 0) return ids;
  const next = tf.tidy(() => {
    const logits = model.forward([ids.slice(-size)], { logitsToKeep: 1 });
    return logits.argMax(-1).dataSync()[0];
  });
  return continueInWindow([...ids, next], count - 1, size);
}`,
    },
  ],
  hints: [
    'Two lists are needed: the text, which grows, and the part of it that the model reads.',
    '`slice(-size)` gives the last `size` elements, or all if there are fewer. Take it anew at '
    + 'each step.',
    '`predictNext(model, …)` gives the distribution after what it reads, `mostProbable(…, 1)[0]` '
    + 'the best id. Append that to the text and not to the window.',
  ],
  right: 'windows shorter and longer than the text, and texts with more than one sentence: cut for '
    + 'the model, complete for you',
  explore: 'try windows of 1, 2, … 7 after "The agents opened a pull request and": from which one '
    + 'on does the text write "they" for the right reason?',
  parts: [
    { says: 'the fixed texts', points: 2 },
    { says: 'texts and windows of any length', points: 2 },
  ],
  observer: 'callAndWait',
  shown: [
    { input: [SIX, 1, 2] },
    { input: [SIX, 6, 2] },
    { input: [SEVEN, 4, 5] },
    { input: [encode('The reviewer closed the issue'), 5, 4] },
    { input: [encode('The agents waited'), 5, 7] },
    { input: [SIX, 0, 3] },
    { input: [[...encode('The bug needed work .'), wordTokenizer.eosTokenId, ...SIX], 6, 4] },
  ],
  hidden: (random) => Array.from({ length: 6 }, () => randomCase(random)),
  inMessage: (ids) => wordsOf(ids),
  diagnose: (came, input) => {
    const [ids, count] = input as unknown as [number[], number];
    const text = came as number[];
    if (text.length !== ids.length + count)
      return `${ids.length + count} tokens are wanted, ${ids.length} given and ${count} new, and `
        + `it returns ${text.length}`;
    if (ids.some((id, t) => text[t] !== id)) return 'the text must begin with the ids given';
    return 'a new token is not the first choice after the window before it';
  },
  mistakes: [
    {
      says: 'the model reads the whole text: give it only the last size tokens',
      source: edit(solution, ['text.slice(-size)', 'text']),
    },
    {
      says: 'what you return is cut as well: cut only what the model reads',
      source: edit(solution, ['return text;', 'return text.slice(-size);']),
    },
    {
      says: 'the text is cut to its window before each new token: cut only what the model reads',
      source: edit(solution, ['const text', 'let text'], [
        'text.push(mostProbable(probabilities, 1)[0])',
        'text = [...text.slice(-size), mostProbable(probabilities, 1)[0]]',
      ]),
    },
    {
      says: 'the model reads the first size tokens: slice(-size) gives the last ones',
      source: edit(solution, ['slice(-size)', 'slice(0, size)']),
    },
    {
      says: 'the window is one token too long',
      source: edit(solution, ['slice(-size)', 'slice(-size - 1)']),
    },
    {
      says: 'the window is one token too short',
      source: edit(solution, ['text.slice(-size)', 'text.slice(1 - size)']),
    },
    {
      says: 'the window is cut once, before the first step, and then grows: cut at every step',
      source: edit(solution, [
        'text.slice(-size)',
        'text.slice(Math.max(0, ids.length - size))',
      ]),
    },
    {
      says: 'the new tokens are missing in the window: every step reads the same tokens',
      source: edit(solution, ['text.slice(-size)', 'ids.slice(-size)']),
    },
    {
      says: 'only the new tokens are returned: return the text given and them',
      source: edit(solution, ['return text;', 'return text.slice(ids.length);']),
    },
    {
      says: 'it stops at <eos>: the text asks for count tokens in any case',
      source: edit(solution, [
        'text.push(mostProbable(probabilities, 1)[0]);',
        'text.push(mostProbable(probabilities, 1)[0]);\n'
        + '    if (text.at(-1) === wordTokenizer.eosTokenId) break;',
      ]),
    },
    {
      says: 'one token too many: the limit is count new tokens',
      source: edit(solution, ['i < count', 'i <= count']),
    },
    {
      says: 'count is taken as the length of the whole text: it counts new tokens',
      source: edit(solution, ['let i = 0; i < count', 'let i = ids.length; i < count']),
    },
    {
      says: 'this is the guess at the first position of the window: the next token is predicted at '
        + 'the last one',
      source: edit(solution, [
        'const probabilities = await predictNext(model, text.slice(-size));',
        'const [probabilities] = model.forward([text.slice(-size)]).arraySync()[0];',
      ]),
    },
  ],
  scope: async () => {
    const { tf } = await import('../../../tensor/tf');
    return { model: await trainedModel(), predictNext, mostProbable, generate, wordTokenizer, tf };
  },
};

const wordsOf = (ids: Plain): string =>
  (ids as number[]).map((id) => wordTokenizer.token(id)).join(' ');
