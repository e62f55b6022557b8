import { predictNext } from '../../../inference/next-token';
import { wordTokenizer } from '../../../language/little-language';
import { mostProbable } from '../../../base/numbers';
import { inWords, type Plain } from '../../plain';
import type { Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { trainedModel } from '../../observers/trained-model';

const solution = `const start = 'The agent opened a pull request to';
const afterTo = await predictNext(model, wordTokenizer.encode(start));
const answer = mostProbable(afterTo, 2).map((id) => wordTokenizer.token(id));`;

const words = (value: Plain): string =>
  (value as readonly Plain[]).map((
    each,
  ) => (typeof each === 'string' ? each.trim() : inWords(each)))
    .join(' ');

export const secondWord: Exercise = {
  id: '16.3.1',
  name: 'answer',
  cell: 'second-word',
  title: 'The second word',
  minutes: 5,
  difficulty: 'easy',
  statement: 'Without `generate`: the prompt is *The agent opened a pull request*, and the first '
    + 'step takes *to* instead of the most probable word. Which two words are then most probable '
    + 'in the second step? Put both into `answer` as texts, the most probable first.',
  stub: `const answer: string[] = [];

// Your code: predictNext and mostProbable are all you need.`,
  solution,
  others: [
    {
      says: 'append the id of "to", and sort the whole vocabulary',
      source: `const idsBefore = wordTokenizer.encode('The agent opened a pull request');
const idsThen = [...idsBefore, wordTokenizer.id('to')];
const inStepTwo = await predictNext(model, idsThen);
const everyId = [...inStepTwo.keys()].sort((a, b) => inStepTwo[b] - inStepTwo[a]);
const answer = everyId.slice(0, 2).map((id) => wordTokenizer.token(id));`,
    },
    {
      says: 'the logits of the last position, from the model itself',
      source: `const readInStepTwo = 'The agent opened a pull request to';
const scoresAfterTo = tf.tidy(() => {
  const inputIds = [wordTokenizer.encode(readInStepTwo)];
  return model.forward(inputIds, { logitsToKeep: 1 }).dataSync();
});
const answer = mostProbable(scoresAfterTo, 2).map((id) => wordTokenizer.token(id));`,
    },
  ],
  hints: [
    'The model has no memory of a first step: it only ever gets a text. Which text does it get in '
    + 'the second step?',
    'It is the prompt with *to* appended. The two words are alternatives for one place: both come '
    + 'from the same distribution.',
    '`predictNext(model, ids)` gives the distribution after `ids`, `mostProbable(…, 2)` its two '
    + 'best ids, `wordTokenizer.token(id)` the word of an id.',
  ],
  right: 'both words come after "to", the most probable first',
  explore: 'let the first step take "for" or "that": how far apart are the first two words then?',
  parts: [{ says: 'both words', points: 2 }],
  observer: 'value',
  shown: [{ input: null }],
  agrees: (came, wanted) => words(came) === words(wanted),
  resembles: (came, ofMistake) => words(came) === words(ofMistake),
  diagnose: (came) => {
    if (!Array.isArray(came)) return 'answer must be an array of two words';
    return came.length === 2
      ? undefined
      : `answer must hold two words, and it holds ${came.length}`;
  },
  tellsWanted: false,
  mistakes: [
    {
      says: 'these come one step after the prompt: append "to" and ask again',
      source: edit(solution, ['request to', 'request']),
    },
    {
      says: 'these come after "for": let the first step take "to"',
      source: edit(solution, ['request to', 'request for']),
    },
    {
      says: 'the right words, but the most probable comes first',
      source: edit(solution, ['.map((', '.reverse().map((']),
    },
    {
      says: 'these are ids: wordTokenizer.token(id) gives the word of an id',
      source: edit(solution, ['.map((id) => wordTokenizer.token(id))', '']),
    },
    {
      says: 'the model has read "to" alone: it must read the whole prompt before it, too',
      source: edit(solution, ['The agent opened a pull request to', 'to']),
    },
    {
      says: 'the second word follows the first here; wanted are two alternatives for one place',
      source: `const word = async (text: string) => {
  const next = await predictNext(model, wordTokenizer.encode(text));
  return wordTokenizer.token(mostProbable(next, 1)[0]);
};
const one = await word('The agent opened a pull request to');
const answer = [one, await word(\`The agent opened a pull request to \${one}\`)];`,
    },
    {
      says: '"to" itself is the word of the first step: both words must come after it',
      source: `const after = await predictNext(
  model,
  wordTokenizer.encode('The agent opened a pull request to'),
);
const answer = ['to', wordTokenizer.token(mostProbable(after, 1)[0])];`,
    },
    {
      says: 'these are the two least probable words: sort from the largest probability down',
      source: `const after = await predictNext(
  model,
  wordTokenizer.encode('The agent opened a pull request to'),
);
const ids = [...after.keys()].sort((a, b) => after[a] - after[b]);
const answer = ids.slice(0, 2).map((id) => wordTokenizer.token(id));`,
    },
  ],
  scope: async () => {
    const { tf } = await import('../../../tensor/tf');
    return { model: await trainedModel(), predictNext, mostProbable, wordTokenizer, tf };
  },
};
