import { ready } from '../../../tensor/backend';
import { tf } from '../../../tensor/tf';
import type { Exercise, Mistake } from '../../exercise';
import { edit } from '../../exercise';
import { equal, inWords, type PlainData } from '../../plain';

/** What an answer sums, and over which positions; by default as the solution does. */
interface Form {
  from?: string;
  to?: string;
  /** The target at position t. */
  target?: string;
  result?: string;
  power?: string;
  loss?: (target: string) => string;
}

function form({
  from = '0',
  to = 'ids.length - 1',
  target = 'ids[t + 1]',
  result = 'sum / (ids.length - 1)',
  power = 'Math.exp(logit - largest)',
  loss = (id) => `Math.log(total) + largest - logits[t][${id}]`,
}: Form = {}): string {
  const usesLargest = `${power} ${loss('')}`.includes('largest');
  const largest = usesLargest ? '\n    const largest = Math.max(...logits[t]);' : '';
  return `function lossByHand(logits: number[][], ids: number[]): number {
  let sum = 0;
  for (let t = ${from}; t < ${to}; t++) {${largest}
    const powers = logits[t].map((logit) => ${power});
    const total = powers.reduce((a, b) => a + b);
    sum += ${loss(target)};
  }
  return ${result};
}`;
}

const solution = form();

/** Ways to compute the loss that fail for large logits. */
const OVERFLOWS: readonly Form[] = [
  { power: 'Math.exp(logit)', loss: (id) => `Math.log(total) - logits[t][${id}]` },
  { power: 'Math.exp(logit)', loss: (id) => `-Math.log(powers[${id}] / total)` },
];
const UNDERFLOWS: Form = { loss: (id) => `-Math.log(powers[${id}] / total)` };

/** The same mistake in answers that compute the loss in different ways. */
const inAllWays = (says: string, ...forms: readonly Form[]): Mistake[] =>
  forms.flatMap((one) =>
    [{}, ...OVERFLOWS, UNDERFLOWS].map((way) => ({ says, source: form({ ...way, ...one }) }))
  );

/** Float32 is enough. */
const areNear = (came: PlainData, wanted: PlainData): boolean => equal(came, wanted, 1e-5);

export const lossByHand: Exercise = {
  id: '16.2.5',
  name: 'lossByHand',
  cell: 'loss-by-hand',
  title: 'The loss by hand',
  minutes: 15,
  difficulty: 'medium',
  statement: 'Write what `lossPerPosition` and the mean do. `logits`, `[seq][vocab]`, are plain '
    + 'numbers, the outputs of one pass over `ids`, `[seq]`; there are at least two. Return the '
    + 'mean loss, in nats, of all positions that have a target in `ids`. It must be right for '
    + 'logits of any size: the exponential of 1,000 is Infinity, that of −1,000 is 0.',
  stub: `function lossByHand(logits: number[][], ids: number[]): number {
  return 0; // your code
}`,
  solution,
  others: [
    {
      says: 'with shifted pairs',
      source: `function lossByHand(logits: number[][], ids: number[]): number {
  const targets = ids.slice(1);
  const losses = targets.map((id, t) => {
    const gaps = logits[t].map((logit) => logit - logits[t][id]);
    const most = Math.max(...gaps);
    return most + Math.log(gaps.reduce((sum, gap) => sum + Math.exp(gap - most), 0));
  });
  return losses.reduce((sum, loss) => sum + loss) / losses.length;
}`,
    },
    {
      says: 'TensorFlow.js',
      source: `function lossByHand(logits: number[][], ids: number[]): number {
  return tf.tidy(() => {
    const answers = tf.oneHot(ids.slice(1), logits[0].length);
    const rows = tf.tensor2d(logits.slice(0, -1));
    return tf.losses.softmaxCrossEntropy(answers, rows).dataSync()[0];
  });
}`,
    },
  ],
  hints: [
    'The target at position t is `ids[t + 1]`. Which position has none?',
    'The loss is −log of the softmax: the logarithm of the sum of all exponentials, minus the '
    + "target's logit.",
    'Subtract the largest logit of a row before you take exponentials, and add it to the logarithm '
    + 'of their sum. Do not take the logarithm of a probability: it may be 0.',
  ],
  right: 'two tokens and more, logits of any size',
  explore: 'compare it with lossPerPosition for model.forward([[...inputs]]).arraySync()[0]: how '
    + 'many digits agree?',
  parts: [
    { says: 'moderate logits', points: 2 },
    { says: 'logits of any size', points: 2 },
  ],
  observer: 'call',
  shown: [
    { input: [[[0, Math.log(3)], [5, 0]], [0, 1]] },
    { input: [[[0, 0, 0], [2, 1, 0], [0, 1, 3]], [2, 0, 1]] },
    { input: [[[1, 0, 2, -1], [0, 3, 0, 1], [2, 2, -2, 0], [0, -1, 1, 4]], [1, 3, 0, 2]] },
    { input: [[[0, 1000], [3, 1]], [0, 1]], part: 1 },
    { input: [[[0, 1000], [3, 1]], [1, 0]], part: 1 },
    { input: [[[-1000, -1001, -1002], [0, 2000, 1], [1, 0, 0]], [0, 1, 2]], part: 1 },
  ],
  hidden: (random) =>
    [3, 3, 400].map((scale, n) => {
      const [seq, vocab] = [3 + random.integer(5), 3 + random.integer(6)];
      const row = (): number[] =>
        Array.from({ length: vocab }, () => Number((scale * random.normal()).toFixed(2)));
      const ids = Array.from({ length: seq }, () => random.integer(vocab));
      return { input: [Array.from({ length: seq }, row), ids], part: n < 2 ? 0 : 1,
        says: `${seq} positions, ${vocab} words` };
    }),
  agrees: areNear,
  resembles: areNear,
  diagnose: (came) =>
    typeof came !== 'number'
      ? 'the result must be one number'
      : Number.isNaN(came)
      ? 'the result is NaN: Infinity / Infinity, or a target that does not exist?'
      : came === Infinity || came === -Infinity
      ? 'the result is infinite: the logarithm of 0?'
      : came < -1e-9
      ? 'a loss is never below 0'
      : undefined,
  inMessage: inWords,
  mistakes: [
    ...inAllWays(
      'the targets are not shifted: the target at a position is the next token, not its own',
      { to: 'ids.length', target: 'ids[t]', result: 'sum / ids.length' },
      { target: 'ids[t]' },
    ),
    ...inAllWays('a double shift: the target is the next token, not the one after it', {
      to: 'ids.length - 2',
      target: 'ids[t + 2]',
      result: 'sum / (ids.length - 2)',
    }),
    ...inAllWays('the shift goes the wrong way: the target is the next token, not the one before', {
      from: '1',
      to: 'ids.length',
      target: 'ids[t - 1]',
    }),
    ...inAllWays(
      'the last position has a target, too, the first token: nothing follows the last one',
      { to: 'ids.length', target: 'ids[(t + 1) % ids.length]', result: 'sum / ids.length' },
    ),
    ...inAllWays('the sum is divided by the number of tokens: the last position has no target', {
      result: 'sum / ids.length',
    }),
    ...inAllWays('this is the sum of the losses, not their mean', { result: 'sum' }),
    ...inAllWays('the last target is missing', {
      to: 'ids.length - 2',
      result: 'sum / (ids.length - 2)',
    }),
    ...inAllWays(
      'the first target is missing',
      { from: '1' },
      { from: '1', result: 'sum / (ids.length - 2)' },
    ),
    ...inAllWays('the loss is in bits: take the natural logarithm', {
      result: 'sum / (ids.length - 1) / Math.LN2',
    }),
    ...inAllWays('the sign is wrong: the loss is minus the logarithm, never below 0', {
      result: '-sum / (ids.length - 1)',
    }),
    ...OVERFLOWS.map((way) => ({
      says: 'large logits overflow: subtract the largest of a row before the exponentials',
      source: form(way),
    })),
    {
      says:
        'a probability becomes 0, and its logarithm -Infinity: compute the loss from the logits '
        + 'themselves',
      source: form(UNDERFLOWS),
    },
    {
      says: 'the largest logit is subtracted, but not added to the logarithm again',
      source: form({ loss: (id) => `Math.log(total) - logits[t][${id}]` }),
    },
    {
      says: 'the softmax is missing: this is minus the mean logit of the targets',
      source: form({ loss: (id) => `-logits[t][${id}]` }),
    },
    {
      says: 'the softmax runs over the positions: at each position it runs over the vocabulary',
      source: edit(solution, [
        'const largest = Math.max(...logits[t]);',
        `const scores = logits.map((row) => row[ids[t + 1]]);
    const largest = Math.max(...scores);`,
      ], ['logits[t].map', 'scores.map']),
    },
    {
      says: 'the logarithm is missing: this is the mean of 1 - probability',
      source: form({ loss: (id) => `1 - powers[${id}] / total` }),
    },
    {
      says: 'a small number is added to the probability, which hides how improbable the target is: '
        + 'compute the loss from the logits themselves',
      source: form({ loss: (id) => `-Math.log(powers[${id}] / total + 1e-9)` }),
    },
  ],
  scope: async () => {
    await ready();
    return { tf };
  },
};
