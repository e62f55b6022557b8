import type { Random } from '../../../base/random';
import { wordTokenizer } from '../../../language/little-language';
import type { Case, Exercise } from '../../exercise';
import { edit } from '../../exercise';

const TYPE = 'type Logits = (ids: number[]) => number[][]; // [seq] → [seq, vocab]';

const solution = `${TYPE}

function seesTheFuture(logits: Logits, ids: number[]): boolean {
  const before = logits(ids);
  return ids.some((id, j) => {
    const other = id === 2 ? 3 : 2;
    const after = logits(ids.map((same, t) => (t === j ? other : same)));
    const differs = (t: number) => after[t].some((value, v) => value !== before[t][v]);
    return ids.slice(0, j).some((_, t) => differs(t));
  });
}`;

/** An answer with this body. */
const answer = (body: string): string =>
  `${TYPE}

function seesTheFuture(logits: Logits, ids: number[]): boolean {
${body}
}`;

const changesTheLast = (positions: string, other = 'ids[last] === 2 ? 3 : 2'): string =>
  answer(`  const last = ids.length - 1;
  const before = logits(ids);
  const after = logits([...ids.slice(0, -1), ${other}]);
  const differs = (t: number) => after[t].some((value, v) => value !== before[t][v]);
  return ids${positions}.some((_, t) => differs(t));`);

const LAST_WORD = wordTokenizer.vocabSize - 1;

interface Leak {
  sees?: Record<number, number[]>;
  share?: number;
  reach?: number;
  part?: number;
}

/** A model with the mask, in which some positions see further. */
function suspect(
  ids: readonly number[],
  says: string,
  { sees = {}, share = 1, reach = LAST_WORD + 1, part = 0 }: Leak = {},
): Case {
  return { input: { ids, sees, share, reach }, part, says };
}

/** Every position sees the whole text. */
const all = (ids: readonly number[]): Record<number, number[]> =>
  Object.fromEntries(ids.map((_, t) => [t, [...ids.keys()].slice(t + 1)]));

/** Every position sees the next one. */
const next = (ids: readonly number[]): Record<number, number[]> =>
  Object.fromEntries(ids.map((_, t) => [t, [t + 1]]));

const encode = (text: string): number[] => text.split(' ').map((word) => wordTokenizer.id(word));
const TEXT = encode('The agent opened a pull');

/** A random text, and a position in it that may see further. */
function randomSuspects(random: Random): Case[] {
  const ids = Array.from({ length: 4 + random.integer(2) }, () => random.integer(LAST_WORD + 1));
  const t = random.integer(ids.length - 3);
  const leak = { [t]: [t + 1 + random.integer(ids.length - t - 1)] };
  return [
    suspect(ids, 'a model with the mask', { part: 1 }),
    suspect(ids, 'a model without the mask', { sees: all(ids) }),
    suspect(ids, 'a model in which one position sees a later one', { sees: leak, part: 1 }),
  ];
}

export const seesTheFuture: Exercise = {
  id: '16.2.2',
  name: 'seesTheFuture',
  cell: 'sees-the-future',
  title: 'The detective',
  minutes: 10,
  difficulty: 'medium',
  statement: 'You get a function from token ids to logits, and nothing else. Write '
    + '`seesTheFuture`: it returns true if changing a later word of `ids` changes any logit at an '
    + 'earlier position. The mask may be missing everywhere, or at one position only.',
  stub: `${TYPE}

function seesTheFuture(logits: Logits, ids: number[]): boolean {
  return false; // your code
}`,
  look: [{
    id: 'three-suspects',
    source: `const open = (learner: GPT, causal: boolean): Logits => (ids) =>
  tf.tidy(() => learner.forward([ids], { causal, training: false }).arraySync()[0]);
const suspects = { cheat: open(cheat, false), honest: open(honest, true),
  model: open(model, true) };
for (const [name, logits] of Object.entries(suspects))
  console.log(name, seesTheFuture(logits, [...inputs]));`,
  }],
  solution,
  others: [
    {
      says: 'the words behind each position, cut off; with a tolerance for rounding',
      source: answer(`  const whole = logits(ids);
  return ids.some((_, t) => {
    const cut = logits(ids.slice(0, t + 1));
    return cut[t].some((value, v) => Math.abs(value - whole[t][v]) > 1e-3);
  });`),
    },
    {
      says: 'two loops and texts',
      source: answer(`  const before = logits(ids).map((values) => values.join());
  for (let j = 1; j < ids.length; j++) {
    const changed = [...ids];
    changed[j] = (ids[j] + 1) % wordTokenizer.vocabSize;
    const after = logits(changed).map((values) => values.join());
    for (let t = 0; t < j; t++) if (after[t] !== before[t]) return true;
  }
  return false;`),
    },
  ],
  hints: [
    'Call the function twice, on two texts that differ in one word only.',
    'Compare the logits at the positions before the changed word only: its own and later ones may '
    + 'change.',
    'A single position may peek at its neighbour only, so change every word in turn. Make sure '
    + 'that the new word is in the vocabulary and differs from the old one.',
  ],
  right: 'with the mask, without it, and with one position that sees too far',
  explore: 'try open(honest, false): is a model caught that was trained with the mask and runs '
    + 'without it?',
  parts: [
    { says: 'with and without the mask', points: 2 },
    { says: 'one position that sees too far', points: 2 },
  ],
  observer: 'suspect',
  shown: [
    suspect(encode('The'), 'a text of one word, which has no later word'),
    suspect(TEXT, 'the model with the mask'),
    suspect(TEXT, 'the model without the mask', { sees: all(TEXT) }),
    suspect(
      [...TEXT.slice(0, 4), LAST_WORD],
      'the model with the mask, on a text that ends with '
        + 'the last word of the vocabulary',
      { part: 1 },
    ),
    ...[0, 1, 2, 3, 4].map((id) =>
      suspect([20, id], `the model without the mask, on the ids 20 and ${id}`, {
        sees: { 0: [1] },
      })
    ),
    suspect(TEXT, 'a model in which each position sees the next word', { sees: next(TEXT),
      part: 1 }),
    ...[[1, 2], [3, 4], [0, 4], [2, 4]].map(([t, later]) =>
      suspect(TEXT, `a model in which position ${t} also sees position ${later}`, {
        sees: { [t!]: [later!] },
        part: 1,
      })
    ),
    suspect(
      TEXT,
      'a model in which a little of the future comes through, to the logits of some '
        + 'words',
      { sees: all(TEXT), share: 0.02, reach: 60, part: 1 },
    ),
  ],
  hidden: (random) => randomSuspects(random),
  diagnose: (came) => typeof came === 'boolean' ? undefined : 'the result must be true or false',
  mistakes: [
    {
      says: 'every model is accused: a changed word may change the logits at its own position, and '
        + 'at later ones',
      source: edit(solution, ['ids.slice(0, j).some(', 'ids.slice(j).some(']),
    },
    ...[
      edit(solution, [
        'after[t].some((value, v) => value !== before[t][v])',
        'after[t] !== before[t]',
      ]),
      answer(`  const whole = logits(ids);
  return ids.some((_, t) => {
    const cut = logits(ids.slice(0, t + 1));
    return cut[t].some((value, v) => value !== whole[t][v]);
  });`),
      answer(`  const before = logits([...ids]);
  for (const [j, id] of ids.entries()) {
    ids[j] = id === 2 ? 3 : 2;
    const after = logits([...ids]);
    for (let t = 0; t < j; t++)
      if (after[t].some((value, v) => value !== before[t][v])) return true;
  }
  return false;`),
    ].map((source) => ({
      says: 'every model is accused, except on a single word: compare number by number, with a '
        + 'text of the same length that differs in one word, at the positions before that word '
        + '(passes over texts of different lengths differ by rounding)',
      source,
    })),
    {
      says: 'only the last word is changed: a position may see another one too early',
      source: changesTheLast('.slice(0, -1)'),
    },
    {
      says: 'only the first position is looked at: the mask may be missing at another one',
      source: edit(solution, ['ids.slice(0, j).some(', 'ids.slice(0, Math.min(j, 1)).some(']),
    },
    {
      says: 'only neighbours are compared: a position may see one that is further to the right',
      source: edit(solution, [
        'ids.slice(0, j).some((_, t) => differs(t))',
        'j > 0 && differs(j - 1)',
      ]),
    },
    {
      says: 'all logits of a position must differ: one is enough',
      source: edit(solution, ['after[t].some(', 'after[t].every(']),
    },
    {
      says: 'true needs a leak from every later word: one is enough',
      source: edit(solution, [
        'return ids.some((id, j) => {',
        'return ids.length > 1 && ids.every((id, j) => {',
      ], [
        'return ids.slice(0, j)',
        'return j === 0 || ids.slice(0, j)',
      ]),
    },
    {
      says: 'only the position just before the last word is looked at: the mask may be missing at '
        + 'another one',
      source: changesTheLast('.slice(-2, -1)', 'ids[last] === 2 ? 3 : 2').replace(
        'differs(t)',
        'differs(last - 1)',
      ),
    },
    ...['id === 2 ? 3 : 2', '(id + 1) % before[0].length'].map((other) => ({
      says: 'small changes are not seen: compare every logit, not only the most probable words '
        + 'or large differences',
      source: edit(solution, [
        'after[t].some((value, v) => value !== before[t][v])',
        'after[t].indexOf(Math.max(...after[t])) !== before[t].indexOf(Math.max(...before[t]))',
      ], ['id === 2 ? 3 : 2', other]),
    })),
    ...[0, 1, 2].map((id) => ({
      says: 'the new word is a fixed one, and where it is already in the text nothing is changed',
      source: edit(solution, ['id === 2 ? 3 : 2', String(id)]),
    })),
    {
      says:
        'the new word may be outside the vocabulary: the one after the last word does not exist',
      source: edit(solution, ['id === 2 ? 3 : 2', 'id + 1']),
    },
    {
      says: 'true and false are swapped: true is for a model that sees the future',
      source: edit(solution, ['return ids.some(', 'return !ids.some(']),
    },
  ],
  scope: () => ({ wordTokenizer }),
};
