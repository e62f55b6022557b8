import type { Random } from '../../../base/random';
import { language, wordTokenizer } from '../../../language/little-language';
import type { Case, Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { equal, inWords, type PlainData } from '../../plain';
import { tokensMissed, type Watched } from '../../observers/every-model';
import { trainedModel } from '../../observers/trained-model';

const solution = `function sentences(ids: number[], count: number, maxNewTokens: number): number[] {
  const text = [...ids];
  let complete = 0;
  for (let i = 0; i < maxNewTokens && complete < count; i++) {
    const next = nextToken(model, text.slice(-nPositions));
    text.push(next);
    if (next === eosTokenId) complete++;
  }
  return text;
}`;

const encode = (text: string): number[] => text.split(' ').map((word) => wordTokenizer.id(word));
const PROMPT = encode('The agent opened a pull request');
const TWO = encode('The bug needed work . <eos> The agents that');
const ENDED = encode('The tests failed because the bug needed work . <eos>');

const SHORT =
  'the model reads less of the text than it could: give it the last nPositions tokens, not '
  + 'fewer';

type Writing = Watched<number[]>;

/** Whether the last pass reads less than the context holds. */
const readsLess = ({ result, passes }: Writing, ids: readonly number[]): boolean =>
  result.length > ids.length && tokensMissed(passes, result.length) > 0;

const write = (ids: number[], count: number, maxNewTokens: number, part = 0): Case => ({
  input: { args: [ids, count, maxNewTokens] },
  part,
  says:
    `${inWords(wordTokenizer.decode(ids))}, ${count} sentence${count === 1 ? '' : 's'}, at most `
    + `${maxNewTokens} new tokens`,
});

const argsOf = (input: PlainData): [ids: number[], count: number, limit: number] =>
  (input as unknown as { args: [number[], number, number] }).args;

function randomCase(random: Random): Case {
  const words = [...language.sample(random), ...language.sample(random)];
  const ids = words.slice(0, 1 + random.integer(words.length)).slice(0, 30)
    .map((word) => wordTokenizer.id(word));
  return write(ids, 1 + random.integer(2), 4 + random.integer(20), 0);
}

export const sentences: Exercise = {
  id: '16.4.2',
  name: 'sentences',
  cell: 'count-sentences',
  title: 'Stop after some sentences',
  minutes: 10,
  difficulty: 'medium',
  statement: 'Write `sentences`, the same loop with a different end; you may use `nextToken`. It '
    + 'stops when it has completed `count` sentences, each with its `<eos>`, or after '
    + '`maxNewTokens` new tokens. Only an `<eos>` that it has appended itself completes a '
    + 'sentence. The text may become longer than the context.',
  stub: `function sentences(ids: number[], count: number, maxNewTokens: number): number[] {
  return ids; // your code
}`,
  solution,
  others: [
    {
      says: 'count the end tokens behind the prompt before each step',
      source: `function sentences(ids: number[], count: number, maxNewTokens: number): number[] {
  const text = [...ids];
  const added = () => text.slice(ids.length);
  const ends = () => added().filter((id) => id === eosTokenId).length;
  while (ends() < count && added().length < maxNewTokens)
    text.push(nextToken(model, text.slice(-nPositions)));
  return text;
}`,
    },
    {
      says: 'one sentence, then the rest of the work by a call of itself',
      source: `function sentences(ids: number[], count: number, maxNewTokens: number): number[] {
  if (count === 0 || maxNewTokens === 0) return ids;
  const next = nextToken(model, ids.slice(-nPositions));
  const left = next === eosTokenId ? count - 1 : count;
  return sentences([...ids, next], left, maxNewTokens - 1);
}`,
    },
  ],
  hints: [
    'What does the loop have to remember besides the text?',
    'Count the `<eos>` that you append. The prompt may hold some of its own.',
    '`slice(-nPositions)` keeps the input within the context; the limit counts new tokens only.',
  ],
  right: 'one sentence, several, a limit that comes first, a prompt with ends of its own, and a '
    + 'text longer than the context',
  explore: 'stop as soon as a sentence repeats one that is already there: what must the loop '
    + 'remember for that?',
  parts: [
    { says: 'sentences and the limit', points: 2 },
    { says: 'a text longer than the context', points: 1 },
  ],
  observer: 'writing',
  shown: [
    write(PROMPT, 1, 20),
    write(PROMPT, 2, 30),
    write(PROMPT, 3, 7),
    write(encode('The bug needed work .'), 1, 8),
    write(TWO, 1, 12),
    write(ENDED, 1, 14),
    write(PROMPT, 1, 4),
    write(encode('The agent closed the issue'), 1000, 64, 1),
  ],
  hidden: (random) => Array.from({ length: 3 }, () => randomCase(random)),
  agrees: (came, wanted, input) => {
    const [yours, ours] = [came, wanted] as unknown as [Writing, Writing];
    return equal(yours.result, ours.result) && !readsLess(yours, argsOf(input)[0]);
  },
  resembles: (came, ofMistake, input) => {
    const [yours, known] = [came, ofMistake] as unknown as [Writing, Writing];
    const [ids] = argsOf(input);
    return equal(yours.result, known.result) && readsLess(yours, ids) === readsLess(known, ids);
  },
  diagnose: (came, input) => {
    const [ids, count, limit] = argsOf(input);
    const text = (came as unknown as Writing).result;
    if (ids.some((id, t) => text[t] !== id)) return 'the text must begin with the prompt';
    const added = text.slice(ids.length);
    if (added.length > limit) return `${added.length} new tokens, and the limit is ${limit}`;
    const ends = added.filter((id) => id === wordTokenizer.eosTokenId).length;
    if (ends > count)
      return `${ends} sentence${ends === 1 ? ' is' : 's are'} completed, and ${count} wanted`;
    return readsLess(came as unknown as Writing, ids) ? SHORT : undefined;
  },
  inMessage: (value: PlainData) => {
    const { result: text, passes } = value as unknown as Writing;
    const missed = passes.length > 0 ? tokensMissed(passes, text.length) : 0;
    const shown = text.slice(-14).map((id) => wordTokenizer.token(id)).join(' ');
    return `${text.length} token${text.length === 1 ? '' : 's'}: ${
      text.length > 14 ? '… ' : ''
    }${shown}${missed > 0 ? `, and ${missed} of the tokens not read by the last pass` : ''}`;
  },
  mistakes: [
    {
      says: 'the first <eos> ends it, whatever count says',
      source: edit(solution, ['complete++', 'complete = count']),
    },
    {
      says: 'the sentences of the prompt are counted, too: count those that you append',
      source: edit(solution, [
        'complete = 0',
        'complete = ids.filter((id) => id === eosTokenId).length',
      ]),
    },
    {
      says: 'the last <eos> is missing: it belongs to its sentence',
      source: edit(solution, [
        'text.push(next);\n    if (next === eosTokenId) complete++;',
        'if (next === eosTokenId) complete++;\n    if (complete < count) text.push(next);',
      ]),
    },
    {
      says: 'no <eos> is appended: each of them belongs to the text, and the model reads it',
      source: edit(solution, [
        'text.push(next);\n    if (next === eosTokenId) complete++;',
        'if (next === eosTokenId) complete++;\n    else text.push(next);',
      ]),
    },
    {
      says: 'one sentence too many: stop as soon as count are complete',
      source: edit(solution, ['complete < count', 'complete <= count']),
    },
    {
      says: 'it stops at the full stop: a sentence is complete with its <eos>',
      source: edit(solution, ['next === eosTokenId', "word(next) === '.'"]),
    },
    {
      says: 'nothing but the count ends it: the limit on new tokens must, too',
      source: edit(solution, ['i < maxNewTokens && complete', 'i < 200 && complete']),
    },
    {
      says: 'the limit begins again with each sentence: it holds for all new tokens together',
      source: edit(solution, ['complete++;', '{\n      complete++;\n      i = -1;\n    }']),
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
      says: 'a text longer than the context: give the model only the last nPositions tokens',
      source: edit(solution, ['text.slice(-nPositions)', 'text']),
    },
    {
      says: SHORT,
      source: edit(solution, ['-nPositions', '-20']),
    },
    {
      says: SHORT,
      source: edit(solution, ['-nPositions', '-Math.floor(nPositions / 2)']),
    },
    {
      says: SHORT,
      source: edit(solution, ['-nPositions', '1 - nPositions']),
    },
    {
      says: 'only the new tokens are returned: return the prompt and them',
      source: edit(solution, ['return text;', 'return text.slice(ids.length);']),
    },
  ],
  scope: async () => {
    const { tf } = await import('../../../tensor/tf');
    const model = await trainedModel();
    const { nPositions, eosTokenId } = model.config;
    const nextToken = (reader: typeof model, ids: number[]): number =>
      tf.tidy(() => {
        const logits = reader.forward([ids], { logitsToKeep: 1 });
        return logits.argMax(-1).dataSync()[0]!;
      });
    const word = (id: number): string => wordTokenizer.token(id);
    return { model, tf, nPositions, eosTokenId, nextToken, word, wordTokenizer };
  },
};
