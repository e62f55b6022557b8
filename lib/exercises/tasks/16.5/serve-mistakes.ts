/** Expected wrong answers to 16.5.4, a server with continuous batching. */
import { edit, type Mistake } from '../../exercise';
import { SLOT_ROW, solution } from './serve-answers';

/** Batch after batch, each carried until its last text has finished. */
const inBatches = (append: string): string =>
  `${SLOT_ROW}
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

export const mistakes: readonly Mistake[] = [
  {
    says: 'a free slot stays empty until the whole batch has finished: the next prompt takes it in '
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
    says: 'isNew empties the cache in every pass: it must be true only in the first one of a text',
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
];
