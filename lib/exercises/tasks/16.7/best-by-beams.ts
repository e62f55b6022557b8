import { Random } from '../../../base/random';
import type { Case, Exercise } from '../../exercise';
import { edit } from '../../exercise';
import type { PlainData } from '../../plain';

const solution = `function bestByBeams(
  table: number[][], start: number, numBeams: number, steps: number,
): number[] {
  type Beam = { ids: number[]; log: number };
  let beams: Beam[] = [{ ids: [start], log: 0 }];
  const finished: Beam[] = [];
  for (let step = 0; step < steps; step++) {
    const longer = beams.flatMap(({ ids, log }) =>
      table[ids.at(-1)!].map((share, id) =>
        ({ ids: [...ids, id], log: log + Math.log(share) })));
    longer.sort((a, b) => b.log - a.log);
    finished.push(...longer.filter(({ ids }) => ids.at(-1) === 0));
    beams = longer.filter(({ ids }) => ids.at(-1) !== 0).slice(0, numBeams);
  }
  const score = ({ ids, log }: Beam) => log / (ids.length - 1);
  const [best] = [...finished, ...beams].sort((a, b) => score(b) - score(a));
  return best.ids;
}`;

/** Log-probability of a text that begins with `start`, for each new token; NaN if it is none. */
function scoreOf(came: PlainData, [table, start, , steps]: readonly PlainData[]): number {
  const ids = came as number[];
  const isText = Array.isArray(came) && ids[0] === start && ids.length >= 2
    && ids.length <= (steps as number) + 1 && ids.slice(1, -1).every((id) => id !== 0);
  if (!isText) return NaN;
  const logs = ids.slice(1).map((id, i) => Math.log((table as number[][])[ids[i]!]![id]!));
  return logs.reduce((a, b) => a + b) / logs.length;
}

/** Rows of random probabilities; `end` is the mean probability of the end token 0. */
function randomTable(random: Random, size: number, end: number): number[][] {
  return Array.from({ length: size }, () => {
    const weights = Array.from({ length: size - 1 }, () => random.uniform() ** 2 + 0.01);
    const sum = weights.reduce((a, b) => a + b);
    const last = end * 2 * random.uniform();
    return [last, ...weights.map((weight) => ((1 - last) * weight) / sum)];
  });
}

/** A search in a random table, of four to six tokens. */
function randomCase(random: Random, ends: boolean): Case {
  const size = 4 + random.integer(3);
  const table = randomTable(random, size, ends ? 0.3 : 0);
  const [start, numBeams, steps] = [
    1 + random.integer(size - 1),
    2 + random.integer(2),
    3 + random.integer(4),
  ];
  return {
    input: [table, start, numBeams, steps],
    part: ends ? 1 : 0,
    says: `a random table of ${size} tokens, ${numBeams} beams, ${steps} steps`,
  };
}

/** Searches that tell the planted mistakes apart. */
const KNOWN = new Random(5);
const FLAT = [0.2, 0.2, 0.2, 0.2, 0.2];

export const bestByBeams: Exercise = {
  id: '16.7.5',
  name: 'bestByBeams',
  cell: 'beams-by-hand',
  title: 'Beam search by hand',
  minutes: 25,
  difficulty: 'hard',
  statement: '`table[i][j]` is the probability that token j follows token i; token 0 ends a text. '
    + 'Write `bestByBeams`. It begins with the one beam `[start]`. Each step extends every beam by '
    + 'every token. Extensions by token 0 are finished: put them aside. Of all others together, '
    + 'keep the `numBeams` most probable as the next beams. After `steps` steps return the text, '
    + '`start` included, with the highest score among the finished ones and the last beams: '
    + 'log-probability, divided by the number of new tokens (token 0 counts).',
  stub: `function bestByBeams(
  table: number[][], start: number, numBeams: number, steps: number,
): number[] {
  return [start]; // your code
}`,
  solution,
  others: [
    {
      says: 'products of probabilities, and a best text that is replaced by better ones',
      source: `function bestByBeams(
  table: number[][], start: number, numBeams: number, steps: number,
): number[] {
  let beams = [{ ids: [start], share: 1 }];
  let best = { ids: [start], score: -Infinity };
  const offer = (one: { ids: number[]; share: number }) => {
    const score = one.share ** (1 / (one.ids.length - 1)); // a mean for each token
    if (score > best.score) best = { ids: one.ids, score };
  };
  for (let step = 1; step <= steps; step++) {
    const open: typeof beams = [];
    for (const beam of beams) {
      for (const [id, share] of table[beam.ids[step - 1]].entries()) {
        const longer = { ids: [...beam.ids, id], share: beam.share * share };
        if (id === 0) offer(longer);
        else open.push(longer);
      }
    }
    beams = open.sort((a, b) => b.share - a.share).slice(0, numBeams);
  }
  beams.forEach(offer);
  return best.ids;
}`,
    },
    {
      says: 'scores of all extensions in one list, with the row that each comes from',
      source: `function bestByBeams(
  table: number[][], start: number, numBeams: number, steps: number,
): number[] {
  let [rows, logs]: [number[][], number[]] = [[[start]], [0]];
  const texts: number[][] = [];
  const scores: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const flat = rows.flatMap((ids, row) =>
      table[ids[ids.length - 1]].map((share) => logs[row] + Math.log(share)));
    const size = table.length;
    const order = [...flat.keys()].sort((a, b) => flat[b] - flat[a]);
    const ended = order.filter((index) => index % size === 0);
    const going = order.filter((index) => index % size > 0).slice(0, numBeams);
    const textOf = (index: number) => [...rows[Math.floor(index / size)], index % size];
    const done = step < steps ? ended : [...ended, ...going];
    texts.push(...done.map(textOf));
    scores.push(...done.map((index) => flat[index] / step));
    [rows, logs] = [going.map(textOf), going.map((index) => flat[index])];
  }
  return texts[scores.indexOf(Math.max(...scores))];
}`,
    },
  ],
  hints: [
    'Keep for each beam its tokens and its log-probability. An extension has the tokens of its own '
    + 'beam and the sum of two log-probabilities.',
    'Put all extensions of all beams into one list before you sort: two of the best may come from '
    + 'the same beam, and none from another.',
    'Split the sorted list by its last token: what ends with 0 goes to the finished texts and is '
    + 'never extended; of the rest, `slice(0, numBeams)` are the beams.',
    'Only the last choice divides by the number of new tokens, `ids.length - 1`; all beams of one '
    + 'step are equally long.',
  ],
  right: 'beams from one parent, texts that end early, scores for each token, one beam and many',
  explore: 'return the text with the largest undivided log-probability instead: how much shorter '
    + 'are the texts?',
  parts: [
    { says: 'texts that do not end', points: 3 },
    { says: 'texts that end at different lengths', points: 3 },
  ],
  observer: 'call',
  shown: [
    { input: [[[0, 0.6, 0.4], [0, 0.55, 0.45], [0, 0.05, 0.95]], 1, 1, 2] },
    { input: [[[0, 0.6, 0.4], [0, 0.55, 0.45], [0, 0.05, 0.95]], 1, 2, 2] },
    ...Array.from({ length: 4 }, () => randomCase(KNOWN, false)),
    { input: [[[0, 0.5, 0.5], [0.5, 0.1, 0.4], [0.1, 0.2, 0.7]], 1, 2, 3], part: 1 },
    { input: [[[0, 0.9, 0.1], [0.7, 0.1, 0.2], [0.3, 0.3, 0.4]], 2, 2, 3], part: 1 },
    // the text that ends at once is third of the extensions, and the best of all
    { input: [[FLAT, FLAT, FLAT, [0.3, 0.35, 0.35, 0, 0], FLAT], 3, 1, 2], part: 1 },
    ...Array.from({ length: 16 }, () => randomCase(KNOWN, true)),
  ],
  hidden: (random) => Array.from({ length: 12 }, (_, n) => randomCase(random, n > 3)),
  agrees: (came, wanted, input) => {
    const [yours, ours] = [came, wanted].map((text) => scoreOf(text, input as PlainData[]));
    return Math.abs(yours! - ours!) < 1e-9;
  },
  diagnose: (came, input) => {
    const [table, start, , steps] = input as unknown as [number[][], number, number, number];
    const ids = came as number[];
    if (!Array.isArray(came) || ids[0] !== start)
      return `a text that begins with start, ${start}, is wanted`;
    if (ids.length < 2 || ids.length > steps + 1)
      return `a text of 1 to ${steps} new tokens is wanted, got ${ids.length - 1}`;
    if (ids.slice(1, -1).includes(0)) return 'a text goes on after its end token, 0';
    if (ids.at(-1) !== 0 && ids.length < steps + 1)
      return `a text that does not end with 0 has ${steps} new tokens, one for each step, got `
        + `${ids.length - 1}`;
    const jump = ids.findIndex((id, t) => t > 0 && table[ids[t - 1]!]![id] === 0);
    return jump < 0
      ? undefined
      : `token ${ids[jump]} never follows token ${ids[jump - 1]}: its probability is 0`;
  },
  mistakes: [
    {
      says: 'the scores are not divided by the number of new tokens, so short texts win',
      source: edit(solution, ['log / (ids.length - 1)', 'ids.length * 0 + log']),
    },
    {
      says: 'the scores are divided by the length of the whole text: start is not a new token',
      source: edit(solution, ['log / (ids.length - 1)', 'log / ids.length']),
    },
    {
      says: 'finished texts go on: what ends with token 0 must not be extended',
      source: edit(solution, ['.filter(({ ids }) => ids.at(-1) !== 0)', '']),
    },
    {
      says: 'each beam keeps its own best extension: the best of all extensions together are '
        + 'wanted, and two of them may come from one beam',
      source: edit(solution, [
        'longer.filter(({ ids }) => ids.at(-1) !== 0).slice(0, numBeams)',
        `longer.filter(({ ids }) => ids.at(-1) !== 0).filter((one, i, all) => step === 0
      || i === all.findIndex((other) => other.ids.slice(0, -1).join()
        === one.ids.slice(0, -1).join())).slice(0, numBeams)`,
      ]),
    },
    {
      says:
        'the rows are not reordered with the beams: each new token is appended to the text that '
        + 'had the same rank before, not to the text it extends',
      source: edit(solution, [
        'beams = longer.filter(({ ids }) => ids.at(-1) !== 0).slice(0, numBeams)',
        `const next = longer.filter(({ ids }) => ids.at(-1) !== 0).slice(0, numBeams);
    beams = next.map(({ ids, log }, row) =>
      ({ ids: [...(beams[row] ?? beams[0]).ids, ids.at(-1)!], log }))`,
      ]),
    },
    {
      says: 'only one beam is kept, as in greedy decoding: keep numBeams',
      source: edit(solution, ['slice(0, numBeams)', 'slice(0, 1)']),
    },
    {
      says: 'the finished texts are left out of the last choice',
      source: edit(solution, ['[...finished, ...beams]', '[...beams]']),
    },
    ...['finished.some(({ log }) => log > -Infinity)', 'finished.length > 0'].map((isThere) => ({
      says: 'the beams that are left after the last step are not among the candidates',
      source: edit(solution, ['[...finished, ...beams]', `(${isThere} ? finished : beams)`]),
    })),
    {
      says:
        'the search ends with the first text that is finished: later ones can have a higher score',
      source: edit(solution, [
        'step < steps;',
        'step < steps && !finished.some((one) =>\n'
        + '    one.log > -Infinity && one.log > beams[0].log);',
      ]),
    },
    {
      says: 'finished texts take the places of beams: of the others alone, numBeams are kept',
      source: edit(solution, [
        'longer.filter(({ ids }) => ids.at(-1) !== 0).slice(0, numBeams)',
        'longer.slice(0, numBeams).filter(({ ids }) => ids.at(-1) !== 0)',
      ], ['finished.push(...longer.filter', 'finished.push(...longer.slice(0, numBeams).filter']),
    },
    {
      says: 'only the 2 · numBeams most probable extensions are looked at, so finished texts below '
        + 'them are lost: put all finished ones aside first',
      source: edit(solution, [
        'longer.sort((a, b) => b.log - a.log);',
        'longer.sort((a, b) => b.log - a.log).splice(2 * numBeams);',
      ]),
    },
    {
      says: 'probabilities are added instead of multiplied: add their logarithms',
      source: edit(solution, ['log + Math.log(share)', 'log + share']),
    },
  ],
};
