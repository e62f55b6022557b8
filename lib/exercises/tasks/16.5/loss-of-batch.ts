import type { Random } from '../../../base/random';
import type { Case, Exercise } from '../../exercise';
import { edit } from '../../exercise';

const solution = `function lossOfBatch(losses: number[][], lengths: number[]): number {
  let sum = 0;
  let targets = 0;
  for (const [b, row] of losses.entries()) {
    for (let t = 0; t < lengths[b] - 1; t++) { // the last token has no target
      sum += row[t];
      targets++;
    }
  }
  return sum / targets;
}`;

/** Losses of texts of these lengths; at padding they are larger, as those of a model are. */
function batch(random: Random, lengths: readonly number[], part: number): Case {
  const longest = Math.max(...lengths);
  const loss = (isReal: boolean): number =>
    Math.round(100 * (isReal ? 4 * random.uniform() : 5 + 5 * random.uniform())) / 100;
  const losses = lengths.map((length) =>
    Array.from({ length: longest }, (_, t) => loss(t < length - 1))
  );
  return { input: [losses, lengths], part };
}

export const lossOfBatch: Exercise = {
  id: '16.5.5',
  name: 'lossOfBatch',
  cell: 'loss-of-batch',
  title: 'The loss of a padded batch',
  minutes: 10,
  difficulty: 'medium',
  statement: 'Training pads on the right. `losses[b][t]` is the loss at position `t` of row `b`, '
    + 'where the target is the token at `t + 1`; row `b` is a text of `lengths[b]` tokens, then '
    + 'padding. Return the mean loss over all positions whose target is a token of the text. (At '
    + 'least one text has two tokens or more.)',
  stub: `function lossOfBatch(losses: number[][], lengths: number[]): number {
  const all = losses.flat(); // padding, too: change this
  return all.reduce((sum, loss) => sum + loss, 0) / all.length;
}`,
  solution,
  others: [
    {
      says: 'cut each row, then take the mean of what is left',
      source: `function lossOfBatch(losses: number[][], lengths: number[]): number {
  const real = losses.flatMap((row, b) => row.slice(0, Math.max(0, lengths[b] - 1)));
  return real.reduce((sum, loss) => sum + loss) / real.length;
}`,
    },
    {
      says: 'a mask of weights, 1 where the target is real',
      source: `function lossOfBatch(losses: number[][], lengths: number[]): number {
  const mask = losses.map((row, b) => row.map((_, t) => Number(t + 1 < lengths[b])));
  const total = (rows: number[][]) => rows.flat().reduce((sum, each) => sum + each, 0);
  const masked = losses.map((row, b) => row.map((loss, t) => loss * mask[b][t]));
  return total(masked) / total(mask);
}`,
    },
  ],
  hints: [
    'How many targets does a text of n tokens have? Its last token predicts what is no part of it.',
    'Add up the losses of the real targets of all rows, count them, and divide once, at the end.',
  ],
  right: 'padding has no part in the mean, each real target has the same, and a text of one token '
    + 'has none',
  explore:
    'in one batch of a text of 2 tokens and one of 50, what weight does a token of the short '
    + 'text get if you take the mean of each row first?',
  parts: [
    { says: 'texts of one length', points: 1 },
    { says: 'padded texts', points: 2 },
  ],
  observer: 'call',
  shown: [
    { input: [[[1, 2, 3, 9]], [4]] },
    { input: [[[1, 2, 9], [3, 7, 9]], [3, 3]] },
    { input: [[[1, 2, 3, 9], [4, 8, 9, 9]], [4, 2]], part: 1 },
    { input: [[[6, 9, 9], [1, 3, 9], [7, 8, 9]], [1, 3, 2]], part: 1 },
    { input: [[[2, 0, 4, 9], [6, 9, 9, 9]], [4, 2]], part: 1 },
  ],
  hidden: (random) => [
    batch(random, [5, 5, 5], 0),
    ...Array.from({ length: 3 }, () => {
      const count = 3 + random.integer(4);
      return batch(
        random,
        [2 + random.integer(9), ...Array.from({ length: count }, () => 1 + random.integer(9))],
        1,
      );
    }),
  ],
  mistakes: [
    {
      says: 'the last token of each text counts, too: its target would be padding or nothing',
      source: edit(solution, ['lengths[b] - 1', 'lengths[b]']),
    },
    {
      says: 'one target too few: a text of n tokens has n - 1',
      source: edit(solution, ['lengths[b] - 1', 'lengths[b] - 2']),
    },
    {
      says: 'the loss at the first position is left out: its target is the second token; leave out '
        + 'that of the last one',
      source: edit(solution, ['let t = 0; t < lengths[b] - 1', 'let t = 1; t < lengths[b]']),
    },
    {
      says: 'the mean is taken over each row first: so a token of a short text weighs more; divide '
        + 'once, by the number of all targets',
      source: `function lossOfBatch(losses: number[][], lengths: number[]): number {
  const means: number[] = [];
  for (const [b, row] of losses.entries()) {
    const real = row.slice(0, lengths[b] - 1);
    if (real.length > 0) means.push(real.reduce((sum, loss) => sum + loss) / real.length);
  }
  return means.reduce((sum, mean) => sum + mean) / means.length;
}`,
    },
    {
      says:
        'the sum is divided by the number of all positions: padding is out of the sum, and must '
        + 'be out of the count',
      source: edit(solution, ['sum / targets', 'sum / losses.flat().length']),
    },
    {
      says:
        'the sum is divided by the number of tokens: divide by the number of targets, one fewer '
        + 'for each text',
      source: edit(solution, [
        'sum / targets',
        'sum / lengths.reduce((total, length) => total + length, 0)',
      ]),
    },
    {
      says: 'the sum is divided by the number of rows: divide by that of the targets',
      source: edit(solution, ['sum / targets', 'sum / losses.length']),
    },
    {
      says: 'a loss of 0 is left out like padding: it is the loss of a certain token, and counts',
      source: `function lossOfBatch(losses: number[][], lengths: number[]): number {
  const real = losses.flatMap((row, b) =>
    row.filter((loss, t) => loss !== 0 && t < lengths[b] - 1));
  return real.reduce((sum, loss) => sum + loss, 0) / real.length;
}`,
    },
    {
      says: 'this is the sum: divide it by the number of targets',
      source: edit(solution, ['sum / targets', 'sum']),
    },
    {
      says:
        'the last column is left out, and padding still counts: leave out the last token of each '
        + 'text and all padding after it',
      source: edit(solution, ['lengths[b] - 1', 'row.length - 1']),
    },
  ],
};
