import type { Random } from '../../../base/random';
import { wordTokenizer } from '../../../language/little-language';
import type { Case, Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { equal, inWords, type PlainData } from '../../plain';

const TYPE = `interface SlotRow {
  slot: number;
  ids: number[];
  positionIds: number[];
  isNew: boolean;
}
`;

const solution = `${TYPE}
function serve(
  prompts: number[][],
  slots: number,
  pass: (rows: SlotRow[]) => number[],
): number[][] {
  const texts = prompts.map((ids) => [...ids]);
  const inSlot = new Array<number | undefined>(slots).fill(undefined);
  let waiting = 0; // the index of the next request
  for (;;) {
    const rows: SlotRow[] = [];
    for (let slot = 0; slot < slots; slot++) {
      const isNew = inSlot[slot] === undefined;
      if (isNew && waiting === prompts.length) continue; // nobody waits
      if (isNew) inSlot[slot] = waiting++;
      const text = texts[inSlot[slot]!];
      const from = isNew ? 0 : text.length - 1; // the cache has the tokens before
      const ids = text.slice(from);
      rows.push({ slot, ids, positionIds: ids.map((_, t) => from + t), isNew });
    }
    if (rows.length === 0) return texts;
    const next = pass(rows);
    rows.forEach(({ slot }, r) => {
      texts[inSlot[slot]!].push(next[r]);
      if (next[r] === eosTokenId) inSlot[slot] = undefined;
    });
  }
}`;

/** Batch after batch, each carried until its last text has finished. */
const inBatches = (append: string): string =>
  `${TYPE}
function serve(prompts: number[][], slots: number, pass: (rows: SlotRow[]) => number[]) {
  const texts = prompts.map((ids) => [...ids]);
  for (let first = 0; first < texts.length; first += slots) {
    const batch = texts.slice(first, first + slots);
    const isDone = batch.map(() => false);
    for (let isNew = true; !isDone.every(Boolean); isNew = false) {
      const next = pass(batch.map((text, slot) => {
        const from = isNew ? 0 : text.length - 1;
        const ids = text.slice(from);
        return { slot, ids, positionIds: ids.map((_, t) => from + t), isNew };
      }));
      for (const [b, ids] of batch.entries()) {
        ${append}
        isDone[b] ||= next[b] === eosTokenId;
      }
    }
  }
  return texts;
}`;

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
  stub: `${TYPE}
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
  others: [
    {
      says: 'a list of active texts, each of which knows its slot and how much the cache has',
      source: `${TYPE}
function serve(
  prompts: number[][],
  slots: number,
  pass: (rows: SlotRow[]) => number[],
): number[][] {
  const texts = prompts.map((ids) => ({ ids: [...ids], cached: 0, slot: -1 }));
  const queue = [...texts];
  const free = [...Array(slots).keys()];
  let active: typeof texts = [];
  while (queue.length > 0 || active.length > 0) {
    while (free.length > 0 && queue.length > 0) {
      const text = queue.shift()!;
      text.slot = free.pop()!;
      active.push(text);
    }
    const next = pass(active.map(({ ids, cached, slot }) => ({
      slot,
      ids: ids.slice(cached),
      positionIds: [...ids.keys()].slice(cached),
      isNew: cached === 0,
    })));
    for (const [r, text] of active.entries()) {
      text.cached = text.ids.length;
      text.ids.push(next[r]);
    }
    const isDone = ({ ids }: { ids: number[] }) => ids.at(-1) === eosTokenId;
    free.push(...active.filter(isDone).map(({ slot }) => slot));
    active = active.filter((text) => !isDone(text));
  }
  return texts.map(({ ids }) => ids);
}`,
    },
    {
      says: 'a generator for each text, which is given its next token',
      source: `${TYPE}
function* oneText(ids: number[]): Generator<Omit<SlotRow, 'slot'>, void, number> {
  for (let from = 0, isNew = true; isNew || ids.at(-1) !== eosTokenId; isNew = false) {
    const read = ids.slice(from);
    from = ids.length;
    const positionIds = read.map((_, t) => ids.length - read.length + t);
    ids.push(yield { ids: read, positionIds, isNew });
  }
}

function serve(
  prompts: number[][],
  slots: number,
  pass: (rows: SlotRow[]) => number[],
): number[][] {
  const texts = prompts.map((ids) => [...ids]);
  const waiting = texts.map(oneText);
  const running = new Map<number, ReturnType<typeof oneText>>();
  const asked = new Map<number, SlotRow>();
  do {
    for (let slot = 0; slot < slots && waiting.length > 0; slot++) {
      if (running.has(slot)) continue;
      running.set(slot, waiting.shift()!);
      asked.set(slot, { slot, ...running.get(slot)!.next().value! });
    }
    const rows = [...asked.values()];
    const tokens = rows.length > 0 ? pass(rows) : [];
    rows.forEach(({ slot }, r) => {
      const { value, done } = running.get(slot)!.next(tokens[r]);
      if (!done) asked.set(slot, { slot, ...value });
      else [running, asked].forEach((each) => each.delete(slot));
    });
  } while (asked.size > 0 || waiting.length > 0);
  return texts;
}`,
    },
  ],
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
  mistakes: [
    {
      says:
        'a free slot stays empty until the whole batch has finished: the next prompt takes it in '
        + 'the next pass',
      source: edit(solution, [
        'for (let slot = 0; slot < slots; slot++) {',
        'const isFree = inSlot.every((each) => each === undefined);\n'
        + '    for (let slot = 0; slot < slots; slot++) {',
      ], ['waiting === prompts.length)', '(!isFree || waiting === prompts.length))']),
    },
    {
      says: 'finished rows go on: their texts have tokens after <eos>',
      source: inBatches('ids.push(next[b]);'),
    },
    {
      says: 'the cache of the old row is not emptied: isNew must be true in the first pass of each '
        + 'text',
      source: edit(solution, ['from + t), isNew }', 'from + t), isNew: false }']),
    },
    {
      says:
        'isNew empties the cache in every pass: it must be true only in the first one of a text',
      source: edit(solution, ['from + t), isNew }', 'from + t), isNew: true }']),
    },
    {
      says: 'the positions go on from the old row of the slot: each text counts from 0',
      source: edit(
        solution,
        [
          '  let waiting',
          '  const before: number[] = new Array(slots).fill(0);\n  let waiting',
        ],
        ['=> from + t', '=> before[slot] + from + t'],
        [
          'if (next[r] === eosTokenId) inSlot[slot] = undefined;',
          'if (next[r] !== eosTokenId) return;\n'
          + '      before[slot] += texts[inSlot[slot]!].length;\n'
          + '      inSlot[slot] = undefined;',
        ],
      ),
    },
    {
      says: 'the position of a later token is off by one: the last of n tokens has position n - 1',
      source: edit(solution, ['=> from + t', '=> from + t + Number(!isNew)']),
    },
    {
      says: 'a later token has position 0: count on from the tokens in the cache',
      source: edit(solution, ['=> from + t', '=> t']),
    },
    {
      says: 'each pass appends the whole text again: the cache has its earlier tokens',
      source: edit(solution, ['isNew ? 0 : text.length - 1', '0']),
    },
    {
      says: 'each pass empties the cache and reads the whole text again: a later row reads only '
        + 'the newest token, and the cache has the others',
      source: edit(
        solution,
        ['isNew ? 0 : text.length - 1', '0'],
        ['from + t), isNew }', 'from + t), isNew: true }'],
      ),
    },
    {
      says: 'an <eos> in the prompt ends the text: only one that pass returns does',
      source: edit(solution, [
        'if (next[r] === eosTokenId)',
        'if (texts[inSlot[slot]!].includes(eosTokenId))',
      ]),
    },
    {
      says: 'the texts come in the order in which they have finished: return them in the order of '
        + 'the prompts',
      source: edit(solution, [
        '  let waiting',
        '  const finished: number[][] = [];\n  let waiting',
      ], [
        'if (next[r] === eosTokenId) inSlot[slot] = undefined;',
        'if (next[r] !== eosTokenId) return;\n'
        + '      finished.push(texts[inSlot[slot]!]);\n'
        + '      inSlot[slot] = undefined;',
      ], ['return texts;', 'return finished;']),
    },
    {
      says: 'the <eos> is missing: it belongs to the text',
      source: edit(solution, [
        'texts[inSlot[slot]!].push(next[r]);',
        'if (next[r] !== eosTokenId) texts[inSlot[slot]!].push(next[r]);',
      ]),
    },
    {
      says: 'only the new tokens are returned: return each prompt with them',
      source: edit(solution, [
        'return texts;',
        'return texts.map((ids, n) => ids.slice(prompts[n].length));',
      ]),
    },
    {
      says: 'a free slot stays empty for a pass: the next prompt takes it in the next pass',
      source: edit(solution, [
        'if (next[r] === eosTokenId) inSlot[slot] = undefined;',
        'if (next[r] === eosTokenId) late.add(slot);',
      ], [
        '  for (;;) {\n    const rows: SlotRow[] = [];',
        '  const late = new Set<number>();\n  for (;;) {\n    const rows: SlotRow[] = [];\n'
        + '    const idle = [...late];\n    late.clear();',
      ], [
        '      const isNew',
        '      if (idle.includes(slot)) {\n        inSlot[slot] = undefined;\n'
        + '        continue;\n      }\n      const isNew',
      ], [
        'if (rows.length === 0) return',
        'if (rows.length === 0 && waiting === prompts.length) return',
      ]),
    },
    {
      says: 'the prompt that came last is served first: the one that has waited longest takes the '
        + 'slot',
      source: edit(solution, [
        'inSlot[slot] = waiting++;',
        'inSlot[slot] = prompts.length - 1 - waiting++;',
      ]),
    },
    {
      says: 'finished rows stay in the passes, although their tokens are dropped: their slots must '
        + 'be free for waiting prompts',
      source: inBatches('if (!isDone[b]) ids.push(next[b]);'),
    },
  ],
  scope: () => ({ eosTokenId: wordTokenizer.eosTokenId }),
};
