import type { Exercise } from '../../exercise';
import { edit } from '../../exercise';
import type { PlainData } from '../../plain';

const stub = `function batchesOf(promptLengths: number[], size: number): number[][] {
  const order = [...promptLengths.keys()]; // in order of arrival: change this
  const batches: number[][] = [];
  while (order.length > 0) batches.push(order.splice(0, size));
  return batches;
}`;

const solution = edit(stub, [
  '[...promptLengths.keys()]; // in order of arrival: change this',
  '[...promptLengths.keys()];\n  order.sort((i, j) => promptLengths[i] - promptLengths[j]);',
]);

/** The padding of the batches. @throws Error unless they are full and hold each index once */
function paddingOf(batches: PlainData, [lengths, size]: readonly [number[], number]): number {
  const groups = batches as number[][];
  const indices = groups.flat().sort((a, b) => a - b);
  const isWhole = indices.length === lengths.length && indices.every((index, i) => index === i);
  if (!isWhole || groups.some((group) => group.length !== size))
    throw new Error('not full batches');
  return groups.reduce((sum, group) => {
    const longest = Math.max(...group.map((i) => lengths[i]!));
    return sum + group.reduce((padding, i) => padding + longest - lengths[i]!, 0);
  }, 0);
}

export const batchesOf: Exercise = {
  id: '16.5.3',
  name: 'batchesOf',
  cell: 'batches',
  title: 'Which prompts share a batch?',
  minutes: 10,
  difficulty: 'medium',
  statement: 'Padding is computed too. Write `batchesOf`: it puts the indices of all prompts into '
    + 'full batches of `size`, so that as little padding as possible is needed. (The number of '
    + 'prompts is a multiple of `size`.)',
  stub,
  solution,
  others: [
    {
      says: 'the longest first',
      source: edit(solution, [
        'promptLengths[i] - promptLengths[j]',
        'promptLengths[j] - promptLengths[i]',
      ]),
    },
    {
      says: 'pairs of length and index, sorted and cut into slices',
      source: `function batchesOf(promptLengths: number[], size: number): number[][] {
  const pairs = promptLengths.map((length, index) => ({ length, index }));
  pairs.sort((a, b) => a.length - b.length);
  return Array.from({ length: pairs.length / size }, (_, n) =>
    pairs.slice(n * size, (n + 1) * size).map(({ index }) => index));
}`,
    },
  ],
  hints: [
    'A batch is as wide as its longest prompt. Which prompts would you put beside it?',
    'Sort the indices by the length of their prompt. `sort` without a function compares texts: 10 '
    + 'comes before 9.',
  ],
  right: 'prompts of similar length share a batch, also with lengths of two digits',
  explore: 'sorted prompts arrive unfairly: what would a server do with a short prompt that waits '
    + 'for others of its length?',
  parts: [{ says: 'least padding', points: 3 }],
  observer: 'call',
  shown: [
    { input: [[3, 1, 2], 1] },
    { input: [[2, 1, 2, 1], 2] },
    { input: [[6, 1, 7, 2, 6, 1, 8, 2], 2] },
    { input: [[6, 1, 7, 2, 6, 1, 8, 2], 4] },
    { input: [[9, 10, 11, 100, 8, 12], 3] },
  ],
  hidden: (random) =>
    Array.from({ length: 4 }, () => {
      const size = 2 + random.integer(3);
      const count = size * (2 + random.integer(4));
      return { input: [Array.from({ length: count }, () => 1 + random.integer(120)), size] };
    }),
  agrees: (came, wanted, input) => {
    const tried = input as [number[], number];
    return paddingOf(came, tried) === paddingOf(wanted, tried);
  },
  tellsWanted: false,
  diagnose: (came, input) => {
    const [lengths, size] = input as unknown as [number[], number];
    const groups = came as number[][];
    const other = groups.find((group) => group.length !== size);
    if (other) return `each batch holds ${size}, and one holds ${other.length}`;
    const strange = groups.flat().find((index) => lengths[index] === undefined);
    if (strange !== undefined)
      return `the indices are 0 to ${lengths.length - 1}, and ${strange} is among them`;
    if (new Set(groups.flat()).size < lengths.length) return 'an index is in no batch';
    const least = [...lengths.keys()].sort((a, b) => lengths[a]! - lengths[b]!);
    const best = groups.map((_, n) => least.slice(n * size, (n + 1) * size));
    return `${paddingOf(came, [lengths, size])} positions of padding, where `
      + `${paddingOf(best, [lengths, size])} are possible: compare the lengths within a batch`;
  },
  mistakes: [
    {
      says: 'the lengths are sorted as texts, so that 10 comes before 9: compare them as numbers',
      source: edit(solution, [
        'sort((i, j) => promptLengths[i] - promptLengths[j])',
        'sort((i, j) => (String(promptLengths[i]) < String(promptLengths[j]) ? -1 : 1))',
      ]),
    },
    {
      says: 'the batches hold lengths: return the indices of the prompts',
      source: edit(solution, [
        'return batches;',
        'return batches.map((batch) => batch.map((i) => promptLengths[i]));',
      ]),
    },
    {
      says: 'the indices themselves are sorted, not the lengths that they stand for',
      source: edit(solution, ['promptLengths[i] - promptLengths[j]', 'j - i']),
    },
    {
      says: 'equal lengths get the same index: indexOf finds only the first of them',
      source: `function batchesOf(promptLengths: number[], size: number): number[][] {
  const sorted = [...promptLengths].sort((a, b) => a - b);
  const order = sorted.map((length) => promptLengths.indexOf(length));
  const batches: number[][] = [];
  while (order.length > 0) batches.push(order.splice(0, size));
  return batches;
}`,
    },
    {
      says: 'each batch takes some of every length: that spreads the long prompts over all batches',
      source: `function batchesOf(promptLengths: number[], size: number): number[][] {
  const order = [...promptLengths.keys()];
  order.sort((i, j) => promptLengths[i] - promptLengths[j]);
  const count = order.length / size;
  return Array.from({ length: count }, (_, n) => order.filter((_, i) => i % count === n));
}`,
    },
    {
      says: 'there are not as many batches as needed, or they are not full: each index belongs in '
        + 'exactly one batch, and each batch holds size indices',
      source: edit(solution, [
        'order.splice(0, size)',
        'order.splice(0, Math.ceil(order.length / size))',
      ]),
    },
  ],
};
