import type { Random } from '../../../base/random';
import { wordTokenizer } from '../../../language/little-language';
import type { Case, Exercise } from '../../exercise';
import { equal, inWords, type PlainData } from '../../plain';
import { others, SLOT_ROW, solution } from './serve-answers';
import { mistakes } from './serve-mistakes';

/** What the observer gives; see slot-server.ts. */
interface Served {
  readonly texts: PlainData;
  readonly rows: PlainData;
  readonly begun: PlainData;
  readonly mostLater: PlainData;
}

/** The same, of an answer whose result has the right shape. */
interface Read {
  readonly texts: readonly (readonly number[])[];
  readonly rows: readonly number[];
  readonly begun: number;
  readonly mostLater: number;
  readonly misplaced?: readonly [before: number, position: number];
}

const placeInWords = ([before, position]: NonNullable<Read['misplaced']>): string =>
  `a token after ${before} others in the cache has position ${position}`;

const served = (prompts: number[][], slots: number, part: number): Case => ({
  input: [prompts, slots, part],
  part,
  says:
    `${prompts.length} prompt${prompts.length === 1 ? '' : 's'} of ${
      prompts.map((ids) => ids.length).join(', ') || 'no'
    } tokens, `
    + `${slots} slot${slots === 1 ? '' : 's'}${
      part === 2 ? ', counting the rows of the passes' : ''
    }`,
});

const encode = (text: string): number[] => wordTokenizer.encode(text);
const QUEUE = [
  'The agent opened a pull request',
  'Summarize',
  'The agents that',
  'The pull request',
  'The bug',
  'The agents waited',
].map(encode);

/** An `<eos>` inside of prompts, as between the turns of a chat. */
const WITH_EOS = [[5, wordTokenizer.eosTokenId, 9], [wordTokenizer.eosTokenId, 12]];

function randomQueue(random: Random, part: number): Case {
  const prompt = (): number[] =>
    Array.from({ length: 1 + random.integer(6) }, () => 2 + random.integer(40));
  const prompts = Array.from({ length: 5 + random.integer(6) }, prompt);
  return served(prompts, 2 + random.integer(3), part);
}

export const serve: Exercise = {
  id: '16.5.4',
  name: 'serve',
  cell: 'serve',
  title: 'The next request takes the free slot',
  minutes: 30,
  difficulty: 'hard',
  statement: 'Write a server with continuous batching. `pass` is one forward pass with a KV cache '
    + 'for each of the slots 0, 1, … `slots - 1`, so nothing is padded. A row says: append these '
    + '`ids` at these `positionIds` to the cache of `slot`, which `isNew` empties first. `pass` '
    + 'returns the next token of each row. At most one row a slot; a pass holds a row for every '
    + 'text that is not finished and has a slot. The first row of a text reads its whole prompt, '
    + 'each later one only its newest token. A text is finished when `pass` returns its `<eos>` '
    + '(one in a prompt ends nothing): its row leaves, and in the next pass the prompt that has '
    + 'waited longest takes the slot. '
    + 'Return each prompt with its new tokens, in the order of the prompts.',
  stub: `${SLOT_ROW}
function serve(
  prompts: number[][],
  slots: number,
  pass: (rows: SlotRow[]) => number[],
): number[][] {
  return prompts; // your code
}`,
  look: [
    {
      id: 'slot-pass',
      source: `const caches = [0, 1].map(() => model.createCache());
const rowsOfPass: number[] = [];
function slotPass(rows: SlotRow[]): number[] { // for two slots
  if (rowsOfPass.push(rows.length) > 100) throw new Error('more than 100 passes');
  return rows.map(({ slot, ids, positionIds, isNew }) => {
    if (isNew) {
      caches[slot].dispose();
      caches[slot] = model.createCache();
    }
    const options = { cache: caches[slot], positionIds: [positionIds], logitsToKeep: 1 };
    const next = () => model.forward([ids], options).argMax(-1).dataSync()[0];
    return positionIds.at(-1)! > 40 ? eosTokenId : tf.tidy(next);
  });
}`,
    },
    {
      id: 'serve-the-queue',
      source: `rowsOfPass.length = 0;
for (const ids of serve(queue, 2, slotPass)) console.log(wordTokenizer.decode(ids));
console.log(\`rows in each pass: \${rowsOfPass.join(' ')}\`);`,
    },
  ],
  solution,
  others,
  hints: [
    'Begin with one slot: one text after the other, each with a first pass over its prompt and '
    + 'then passes over one token.',
    'Keep for each slot which request it holds, or that it is free. Before each pass, fill the '
    + 'free slots; after it, append the tokens and free the slots of the texts that have ended.',
    'The first pass of a text has its whole prompt at the positions 0, 1, 2, … and `isNew`. A '
    + 'later one has its last token only, at the position of that token in its own text.',
    'The rows of a pass need not be those of the slots in order: `next[r]` belongs to `rows[r]`. '
    + 'Write the texts into an array by the index of the request.',
  ],
  right: 'one slot and several, more slots than prompts, an empty queue, texts that end with their '
    + 'first token, and no pass with a free slot while a prompt waits',
  explore:
    'serve the prompts with the longest answers first (sort the queue): how many passes does '
    + 'that save, and what does a short request pay for it?',
  parts: [
    { says: 'one slot', points: 2 },
    { says: 'several slots', points: 2 },
    { says: 'no idle slot and no finished row', points: 2 },
  ],
  observer: 'slotServer',
  shown: [
    served(QUEUE.slice(0, 1), 1, 0),
    served(QUEUE.slice(1, 4), 1, 0),
    served(WITH_EOS, 1, 0),
    served(QUEUE.slice(0, 2), 2, 1),
    served(QUEUE, 2, 1),
    served(QUEUE, 4, 1),
    served(QUEUE.slice(0, 2), 4, 1),
    served([], 2, 1),
    served(QUEUE, 2, 2),
    served(QUEUE, 3, 2),
    served([...WITH_EOS, ...QUEUE], 2, 2),
  ],
  hidden: (random) => [1, 1, 2, 2].map((part) => randomQueue(random, part)),
  agrees: (came, wanted, input) => {
    const [one, two] = [came, wanted] as unknown as [Served, Served];
    const [, , part] = input as unknown as [unknown, unknown, number];
    return equal(one.texts, two.texts) && one.begun === two.begun
      && one.mostLater === two.mostLater && (part !== 2 || equal(one.rows, two.rows));
  },
  diagnose: (came, input) => {
    const { texts, begun, mostLater, misplaced } = came as unknown as Read;
    const [prompts] = input as unknown as [number[][]];
    if (texts.length !== prompts.length)
      return `${prompts.length} prompts want as many texts, and it returns ${texts.length}`;
    const begins = (b: number, n: number): boolean =>
      prompts[b]!.every((id, t) => texts[n]![t] === id);
    if (prompts.every((_, b) => !begins(b, b)))
      return 'the texts must begin with their prompts';
    const lost = prompts.findIndex((_, b) => !begins(b, b));
    if (lost >= 0)
      return `text ${lost} does not begin with prompt ${lost}: are they in order?`;
    const open = texts.findIndex((ids) => ids.at(-1) !== wordTokenizer.eosTokenId);
    if (open >= 0) return `text ${open} does not end with its <eos>`;
    if (begun !== prompts.length)
      return `${prompts.length} texts begin once each, and isNew empties a cache ${begun} times`;
    if (mostLater > 1)
      return `a later row appends ${mostLater} tokens: the cache has all but the newest one`;
    return misplaced && `${placeInWords(misplaced)}: the positions of a text are 0, 1, 2, …`;
  },
  inMessage: (value: PlainData) => {
    const { texts, rows, begun, mostLater, misplaced } = value as unknown as Read;
    return `texts of ${texts.map((ids) => ids.length).join(', ')} tokens, the last ones `
      + `${texts.map((ids) => ids.at(-1)).join(', ')}; rows in the passes: ${inWords(rows)}`
      + (begun === texts.length ? '' : `; isNew in ${begun} of them`)
      + (mostLater <= 1 ? '' : `; ${mostLater} tokens appended to a cache that is not empty`)
      + (misplaced ? `; ${placeInWords(misplaced)}` : '');
  },
  mistakes,
  scope: () => ({ eosTokenId: wordTokenizer.eosTokenId }),
};
