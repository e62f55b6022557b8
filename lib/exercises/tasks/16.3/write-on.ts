import { mostProbable } from '../../../base/numbers';
import { Random } from '../../../base/random';
import { generate } from '../../../inference/generate';
import { predictNext } from '../../../inference/next-token';
import { language, wordTokenizer } from '../../../language/little-language';
import type { Case, Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { equal, inWords } from '../../plain';
import { trainedModel } from '../../observers/trained-model';

const solution = `interface Saved {
  ids: number[];
  seed: number;
  written?: number;
}

async function writeOn(saved: string, count: number): Promise<string> {
  const { ids, seed, written = 0 } = JSON.parse(saved) as Saved;
  const random = new Random(seed);
  for (let i = 0; i < written; i++) random.uniform(); // those used before the pause
  let now = written;
  const isFinished = () => now > 0 && ids.at(-1) === wordTokenizer.eosTokenId;
  while (now < written + count && !isFinished()) {
    ids.push(random.choose(await predictNext(model, ids)));
    now++;
  }
  return JSON.stringify({ ids, seed, written: now });
}`;

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
  others: [
    {
      says: 'keep the length of the prompt, and use up one random number for each token after it',
      source: `interface Saved {
  ids: number[];
  seed: number;
  promptLength?: number;
}

async function writeOn(saved: string, count: number): Promise<string> {
  const { ids, seed, promptLength = ids.length } = JSON.parse(saved) as Saved;
  const random = new Random(seed);
  for (let t = promptLength; t < ids.length; t++) random.uniform();
  const end = ids.length + count;
  while (ids.length < end) {
    if (ids.length > promptLength && ids.at(-1) === wordTokenizer.eosTokenId) break;
    ids.push(random.choose(await predictNext(model, ids)));
  }
  return JSON.stringify({ ids, seed, promptLength });
}`,
    },
    {
      says:
        'keep only the prompt and the number of tokens, and write the text again from its start',
      source: `interface Saved {
  ids: number[];
  seed: number;
  prompt?: number[];
  written?: number;
}

async function writeOn(saved: string, count: number): Promise<string> {
  const state = JSON.parse(saved) as Saved;
  const { seed, prompt = state.ids, written = 0 } = state;
  const random = new Random(seed);
  const ids: number[] = [...prompt];
  for (let i = 0; i < written + count; i++) {
    const next = random.choose(await predictNext(model, ids));
    ids.push(next);
    if (next === wordTokenizer.eosTokenId) break;
  }
  return JSON.stringify({ ids, seed, prompt, written: ids.length - prompt.length });
}`,
    },
    {
      says: 'keep the whole state: how many numbers were used, and whether the text is finished',
      source: `interface Saved {
  ids: number[];
  seed: number;
}

async function writeOn(saved: string, count: number): Promise<string> {
  const state = { used: 0, finished: false, ...JSON.parse(saved) as Saved };
  const random = new Random(state.seed);
  for (let i = 0; i < state.used; i++) random.choose([1]);
  for (let i = 0; i < count && !state.finished; i++) {
    const next = random.choose(await predictNext(model, state.ids));
    state.ids = [...state.ids, next];
    state.used++;
    state.finished = next === wordTokenizer.eosTokenId;
  }
  return JSON.stringify(state);
}`,
    },
  ],
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
  mistakes: [
    {
      says: 'the random numbers begin again after each pause: use up those of the tokens that were '
        + 'written before',
      source: edit(solution, [
        '  for (let i = 0; i < written; i++) random.uniform(); // those used before the pause\n',
        '',
      ]),
    },
    ...['n > 0 && ', ''].map((isNew) => ({
      says: `nothing is kept beside ids and seed: so the random numbers begin again after each `
        + `pause, and a written <eos> is not told from one ${
          isNew === '' ? 'at the end of the prompt' : 'that ended the text before the pause'
        }`,
      source: `async function writeOn(saved: string, count: number): Promise<string> {
  const { ids, seed } = JSON.parse(saved);
  const random = new Random(seed);
  for (let n = 0; n < count; n++) {
    if (${isNew}ids.at(-1) === wordTokenizer.eosTokenId) break;
    ids.push(random.choose(await predictNext(model, ids)));
  }
  return JSON.stringify({ ids, seed });
}`,
    })),
    {
      says: 'a number is used up for each token of the prompt, too: only written tokens have used '
        + 'one',
      source: edit(solution, ['i < written; i++) random', 'i < ids.length; i++) random']),
    },
    {
      says:
        'the count of the written tokens begins again at each pause: after two pauses it is too '
        + 'small',
      source: edit(solution, ['written: now', 'written: now - written']),
    },
    {
      says:
        'the random numbers are kept in a variable, not in the JSON: a call from the same saved '
        + 'text gives a different text',
      source: `const kept = new Map<string, Random>();
async function writeOn(saved: string, count: number): Promise<string> {
  const { ids, seed, key = saved, written = 0 } = JSON.parse(saved);
  if (written === 0) kept.set(key, new Random(seed));
  const random = kept.get(key)!;
  let now = written;
  const isFinished = () => now > 0 && ids.at(-1) === wordTokenizer.eosTokenId;
  while (now < written + count && !isFinished()) {
    ids.push(random.choose(await predictNext(model, ids)));
    now++;
  }
  return JSON.stringify({ ids, seed, key, written: now });
}`,
    },
    {
      says: 'a finished text goes on after a pause: its <eos> was written before, and ends it for '
        + 'good',
      source: edit(solution, ['now > 0', 'now > written']),
    },
    {
      says: 'a written <eos> does not end the text',
      source: edit(solution, ['now > 0', 'now < 0']),
    },
    {
      says: 'an <eos> at the end of the prompt counts as the end: only a written one is',
      source: edit(solution, ['now > 0 && ids', 'ids']),
    },
    {
      says: 'the <eos> is missing: it is the last token of the text',
      source: edit(solution, [
        'return JSON',
        'if (isFinished()) ids.pop();\n  return JSON',
      ]),
    },
    {
      says:
        'count is taken as the length of the whole continuation: each call may append count more',
      source: edit(solution, ['now < written + count', 'now < count']),
    },
    {
      says: 'the most probable token is taken: sample it with random.choose',
      source: edit(solution, [
        'random.choose(await predictNext(model, ids))',
        'mostProbable(await predictNext(model, ids), 1)[0]',
      ]),
    },
    {
      says: 'a new seed begins at each pause: one Random serves the whole text',
      source: edit(solution, ['new Random(seed)', 'new Random(seed + written)'], [
        '  for (let i = 0; i < written; i++) random.uniform(); // those used before the pause\n',
        '',
      ]),
    },
    {
      says: 'one number too many is used up at each pause',
      source: edit(solution, ['i < written; i++', 'i <= written && written > 0; i++']),
    },
    {
      says:
        'after a pause the model does not read the beginning of the text: it must read all of it',
      source: edit(solution, ['predictNext(model, ids)', 'predictNext(model, ids.slice(written))']),
    },
  ],
  scope: async () => ({
    model: await trainedModel(),
    predictNext,
    mostProbable,
    generate,
    wordTokenizer,
    Random,
  }),
};
