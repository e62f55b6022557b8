import { mostProbable } from '../../../base/numbers';
import { Random } from '../../../base/random';
import { generate } from '../../../inference/generate';
import { predictNext } from '../../../inference/next-token';
import { language, wordTokenizer } from '../../../language/little-language';
import type { Case, Exercise } from '../../exercise';
import { equal, inWords } from '../../plain';
import { trainedModel } from '../../observers/trained-model';
import { others, solution } from './write-on-answers';
import { mistakes } from './write-on-mistakes';

const encode = (text: string): number[] => text.split(' ').map((word) => wordTokenizer.id(word));
const PROMPT = encode('The agent opened a pull request');
const SENTENCE = encode('The bug needed work . <eos>');
/** Longer than the context. */
const LONG = Array.from({ length: 70 }, (_, t) => SENTENCE[t % 6]!);

const writing = (ids: number[], seed: number, counts: number[], part: number): Case => ({
  input: { ids, seed, counts },
  part,
  says: `${inWords(wordTokenizer.decode(ids.slice(-7)))}${ids.length > 7 ? ' (its end)' : ''}, `
    + `seed ${seed}, calls for ${counts.join(', then ')} token${counts.at(-1) === 1 ? '' : 's'}`,
});

function randomCases(random: Random): readonly Case[] {
  const words = [...language.sample(random)].slice(0, 1 + random.integer(3));
  const ids = words.map((word) => wordTokenizer.id(word));
  const seed = random.integer(1000);
  const counts = [1 + random.integer(3), 1 + random.integer(3), 6];
  return [writing(ids, seed, [8], 0), writing(ids, seed, counts, 1)];
}

export const writeOn: Exercise = {
  id: '16.3.3',
  name: 'writeOn',
  cell: 'write-on',
  title: 'Stop in the middle, go on later',
  minutes: 25,
  difficulty: 'hard',
  statement: 'A server stops in the middle of a text; later, perhaps on a different machine, it '
    + 'goes on. `writeOn` gets the text as JSON, at first `{ "ids": […], "seed": 16 }`, appends at '
    + 'most `count` tokens to `ids`, and returns JSON for the next call, to which you may add what '
    + 'you need: nothing else is kept. Each token is '
    + '`random.choose(await predictNext(model, ids))`, with one `new Random(seed)` for the whole '
    + 'text. A written `<eos>` ends the text for good. The text must not depend on the pauses: '
    + '3 tokens and then 5 more are the tokens that 8 at once give.',
  stub: `interface Saved {
  ids: number[];
  seed: number;
}

async function writeOn(saved: string, count: number): Promise<string> {
  const { ids, seed } = JSON.parse(saved) as Saved;
  return JSON.stringify({ ids, seed }); // your code
}`,
  solution,
  others,
  hints: [
    'First write it without pauses, for a single call. Then ask: what does the second call need to '
    + 'know that the JSON does not say yet?',
    'A `Random` cannot be saved as JSON, but its numbers always come in one order. `choose` uses '
    + 'up one of them, as `uniform` does: let the first ones pass, one for each token written so '
    + 'far. The tokens of the prompt have used none.',
    'Save how many tokens were written. With that number you can also tell an `<eos>` that was '
    + 'written, which ends the text, from one that is the last token of the prompt.',
  ],
  right: 'one, two and three pauses, a call repeated from the same save, an end before and after a '
    + 'pause, a prompt that ends in <eos>, and a text longer than the context',
  explore: 'save with seed + 1 instead: which tokens change, and would a reader notice?',
  parts: [
    { says: 'a single call', points: 2 },
    { says: 'calls with pauses', points: 2 },
    { says: 'the end, and long texts', points: 2 },
  ],
  observer: 'savedText',
  shown: [
    writing(PROMPT, 16, [1], 0),
    writing(PROMPT, 16, [4], 0),
    writing(PROMPT, 16, [1, 3], 1),
    writing(encode('The'), 1, [2, 1, 2, 3], 1),
    writing(encode('The'), 2, [2, 1, 2, 3], 1),
    writing(PROMPT, 7, [20, 5], 2),
    writing(SENTENCE, 3, [3, 2], 2),
    writing(SENTENCE.slice(0, -1), 3, [1, 3], 2), // the first new token is <eos>
    writing([...SENTENCE, ...PROMPT], 5, [2, 20, 3], 2),
    writing(LONG, 9, [2, 2], 2),
  ],
  hidden: (random) => Array.from({ length: 3 }, () => randomCases(random)).flat(),
  diagnose: (came, input) => {
    const { texts, again, problem } = came as unknown as {
      texts: number[][];
      again?: number[];
      problem?: string;
    };
    if (problem === 'text') return 'the text that it returns must be JSON with a list "ids"';
    if (problem !== undefined)
      return `it must return JSON as text, and it returns ${problem}: JSON.stringify makes it`;
    const { ids, counts } = input as unknown as { ids: number[]; counts: number[] };
    if (texts.some((text) => ids.some((id, t) => text[t] !== id)))
      return 'the text must begin with the ids of the prompt';
    const lengths = [ids.length, ...texts.map((text) => text.length)];
    const over = counts.findIndex((count, n) => lengths[n + 1]! > lengths[n]! + count);
    if (over >= 0)
      return `a call for ${counts[over]} tokens has appended ${
        lengths[over + 1]! - lengths[over]!
      }`;
    return equal(again, texts.at(-1))
      ? undefined
      : 'the same call, made again from the same saved text, gives a different text: nothing but '
        + 'the JSON may be kept';
  },
  inMessage: (value) => {
    const { texts, again } = value as unknown as { texts: number[][]; again?: number[] };
    const end = (ids: number[]): string =>
      `… ${ids.slice(-6).map((id) => wordTokenizer.token(id)).join(' ')}`;
    const isSame = again === undefined || equal(again, texts.at(-1));
    return texts.map(end).join(' | ')
      + (isSame ? '' : `; the last call once more, from the same JSON: ${end(again)}`);
  },
  mistakes,
  scope: async () => ({
    model: await trainedModel(),
    predictNext,
    mostProbable,
    generate,
    wordTokenizer,
    Random,
  }),
};
