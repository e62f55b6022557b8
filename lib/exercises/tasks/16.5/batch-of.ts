import type { Random } from '../../../base/random';
import { wordTokenizer } from '../../../language/little-language';
import type { Case, Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { equal, inWords, type PlainData } from '../../plain';

const stub = `function batchOf(rows: number[][]): Inputs {
  const longest = Math.max(...rows.map((ids) => ids.length));
  const fillUp = (values: number[], filling: number) =>
    Array.from({ length: longest }, (_, t) => values[t] ?? filling);
  return {
    inputIds: rows.map((ids) => fillUp(ids, padTokenId)),
    attentionMask: rows.map((ids) => fillUp(ids.map(() => 1), 0)),
    positionIds: rows.map((ids) => fillUp([...ids.keys()], 0)),
  };
}`;

const solution = edit(stub, [
  'Array.from({ length: longest }, (_, t) => values[t] ?? filling)',
  `Array.from(
      { length: longest },
      (_, t) => values[t - longest + values.length] ?? filling,
    )`,
]);

const encode = (text: string): number[] => wordTokenizer.encode(text);
const THREE = ['Summarize', 'The agents', 'The agent opened a pull request'].map(encode);

interface Batch {
  inputIds: number[][];
  attentionMask: number[][];
  positionIds: number[][];
}

/**
 * What the model sees of a batch: for each row the tokens that the mask shows, with their
 * positions, and whether the last column is one of them. What it does not see may have any value.
 */
function seen({ inputIds, attentionMask, positionIds }: Batch): PlainData {
  return inputIds.map((ids, b) => {
    const mask = attentionMask[b]!;
    const columns = [...ids.keys()].filter((t) => mask[t] === 1);
    const isLast = mask.length === ids.length && mask.at(-1) === 1;
    return [isLast, ...columns.map((t) => [ids[t]!, positionIds[b]![t]!])];
  });
}

/** What the observer returns. */
interface Measured {
  whole: number;
  cached: number;
  batches: Batch[];
}

/** Prompts of different lengths, of random words. */
function randomRows(random: Random): Case {
  const rows = Array.from(
    { length: 2 + random.integer(3) },
    () => Array.from({ length: 1 + random.integer(9) }, () => 2 + random.integer(40)),
  );
  return { input: [rows], part: 1,
    says: `prompts of ${rows.map((ids) => ids.length).join(', ')} tokens` };
}

/** How far the logits are off; two batches may differ where no real token reads them. */
const errorsOf = (value: PlainData): PlainData => {
  const { whole, cached } = value as { whole: number; cached: number };
  return { whole, cached };
};

export const batchOf: Exercise = {
  id: '16.5.2',
  name: 'batchOf',
  cell: 'batch-of',
  title: 'Would the right side do as well?',
  minutes: 15,
  difficulty: 'medium',
  statement: '`batchOf` pads on the right, with a proper mask and proper positions. The mask hides '
    + 'all padding, so you might think that the side does not matter to a loop that reads the last '
    + 'column. Predict the bars of the plot below. Then run the cells down to the plot, and fix '
    + '`batchOf`.',
  stub,
  look: [
    {
      id: 'your-error',
      source: `const threeTexts = ['Summarize', 'The agents', 'The agent opened a pull request'];
const three = threeTexts.map((text) => wordTokenizer.encode(text));
const [rightAnswers, yourAnswers] = [loneLogits(three), lastLogits(batchOf(three))];
const yourErrors = yourAnswers.map((answer, b) =>
  Number(gap(answer, rightAnswers[b]).toFixed(2)) // less than 0.005 is rounding
);`,
    },
    {
      id: 'plot-your-batch',
      source: `show(bars(threeTexts, yourErrors, {
  title: 'Your batch compared with one row at a time',
  xTitle: 'prompt',
  yTitle: 'largest error of a logit',
  color: 'wrong',
}));`,
    },
  ],
  solution,
  others: [
    {
      says: 'the padding in front of each row',
      source: `function batchOf(rows: number[][]) {
  const longest = Math.max(...rows.map((ids) => ids.length));
  const padding = (ids: number[], value: number) =>
    new Array<number>(longest - ids.length).fill(value);
  return {
    inputIds: rows.map((ids) => [...padding(ids, padTokenId), ...ids]),
    attentionMask: rows.map((ids) => [...padding(ids, 0), ...ids.map(() => 1)]),
    positionIds: rows.map((ids) => [...padding(ids, 1), ...ids.keys()]),
  };
}`,
    },
    { says: 'the library does it', source: `function batchOf(rows: number[][]) {
  const { inputIds, attentionMask, positionIds } = padLeft(rows, padTokenId);
  return { inputIds, attentionMask, positionIds };
}` },
  ],
  hints: [
    'Which prompt has no error, and what is different about its last position?',
    'The answer of every row is read in the last column, so each row has to end there. The check '
    + 'writes six more tokens, once with whole rows and once with a cache, where each later pass '
    + 'gets only the last column of your batch.',
    'Put the padding in front: in `inputIds` the id `padTokenId`, in `attentionMask` zeros. The '
    + 'positions of the real tokens stay 0, 1, 2, …',
  ],
  right: 'three prompts, cached and not, equal to one by one',
  explore:
    'leave positionIds out of lastLogits(batchOf(three)): which rows change, and by how much?',
  parts: [
    { says: 'the three prompts', points: 2 },
    { says: 'prompts of any lengths', points: 2 },
  ],
  observer: 'batch',
  shown: [
    { input: [[THREE[2]!]], says: 'one prompt: "The agent opened a pull request"' },
    { input: [[THREE[1]!, THREE[2]!]],
      says: 'two prompts: "The agents", "The agent opened a pull request"' },
    { input: [THREE], says: 'the three prompts of the plot' },
  ],
  hidden: (random) => Array.from({ length: 2 }, () => randomRows(random)),
  // The distances are measured beside the answer, where they can be forged: the batches decide too.
  agrees: (came, wanted) => {
    const { whole, cached, batches } = came as unknown as Measured;
    const right = wanted as unknown as Measured;
    return whole < 1e-4 && cached < 1e-4 && batches.length === right.batches.length
      && batches.every((batch, i) => equal(seen(batch), seen(right.batches[i]!)));
  },
  resembles: (came, ofMistake) => equal(errorsOf(came), errorsOf(ofMistake), 1e-3),
  diagnose: (came, input) => {
    const { batch, missing = [] } = came as unknown as { batch: Batch; missing?: string[] };
    if (missing.length > 0)
      return `the batch has no ${missing.join(' and no ')}: without it the padding counts`;
    const { inputIds, attentionMask } = batch;
    const [rows] = input as unknown as [number[][]];
    if (inputIds.length !== rows.length || attentionMask.length !== rows.length)
      return `the batch must have a row for each prompt: ${rows.length}`;
    if (rows.some((ids, b) => inputIds[b]!.at(-1) !== ids.at(-1)))
      return 'a row does not end with its last token, and its answer is read in the last column';
    const isSeen = (ids: number[], b: number): boolean =>
      attentionMask[b]!.every((seen, t) =>
        seen === Number(t >= attentionMask[b]!.length - ids.length)
      );
    return rows.every(isSeen) ? undefined : 'the mask must be 0 at padding, and only there';
  },
  inMessage: (came) => {
    const { whole, cached, missing } = came as {
      whole: number;
      cached: number;
      missing?: string[];
    };
    if (missing) return `a batch without ${missing.join(' and ')}`;
    return `logits that differ by ${inWords(whole)} without a cache, by ${
      inWords(cached)
    } with one`;
  },
  tellsWanted: false,
  mistakes: [
    {
      says: 'a row ends in padding, and its answer is read in the last column',
      source: edit(stub, ['[...ids.keys()], 0', '[...ids.keys()], 1']),
    },
    {
      says: 'the padding is on the left, and the positions still count it: the first word of each '
        + 'prompt must have position 0, wherever it is in its row',
      source: edit(solution, [
        'rows.map((ids) => fillUp([...ids.keys()], 0))',
        'rows.map(() => Array.from({ length: longest }, (_, t) => t))',
      ]),
    },
    {
      says: 'the mask still has its zeros on the right: it must be 0 at padding, and only there',
      source: edit(solution, [
        'fillUp(ids.map(() => 1), 0)',
        'Array.from({ length: longest }, (_, t) => Number(t < ids.length))',
      ]),
    },
    {
      says: 'the mask hides nothing: it must be 0 at padding',
      source: edit(solution, ['fillUp(ids.map(() => 1), 0)', 'fillUp(ids.map(() => 1), 1)']),
    },
    {
      says: 'the mask is 1 at padding and 0 at the real tokens: it must be the other way round',
      source: edit(solution, ['fillUp(ids.map(() => 1), 0)', 'fillUp(ids.map(() => 0), 1)']),
    },
    {
      says: 'positions count from 1: the first real token must have position 0',
      source: edit(solution, ['[...ids.keys()]', 'ids.map((_, t) => t + 1)']),
    },
    {
      says: 'long prompts are cut to the length of the shortest: pad to the longest instead',
      source: edit(solution, ['Math.max(', 'Math.min(']),
    },
  ],
  scope: async () => {
    const { padLeft } = await import('../../../text/padding');
    return { padTokenId: wordTokenizer.padTokenId, padLeft };
  },
};
