import { predictNext } from '../../../inference/next-token';
import { wordTokenizer } from '../../../language/little-language';
import { tf } from '../../../tensor/tf';
import { shiftTargets } from '../../../text/batches';
import { lossPerPosition, meanLoss } from '../../../training/loss';
import type { Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { equal, type Plain } from '../../plain';
import { trainedModel } from '../../observers/trained-model';

const PAIR = `const whole = shiftTargets(
  wordTokenizer.encode('The agent opened a pull request for review .'),
);
`;

const solution = `${PAIR}const [allLosses] = await lossPerPosition(model, {
  inputIds: [whole.inputs],
  targets: [whole.targets],
});
const answerLosses = allLosses.slice(5); // the losses of: for review .
const answerLoss = answerLosses.reduce((a, b) => a + b) / answerLosses.length;`;

/** The solution with a different part of the losses. */
const lossesOf = (part: string): string => edit(solution, ['allLosses.slice(5);', `${part};`]);

/** Losses of one pass and of several differ by rounding; those of the mistakes by far more. */
const areNear = (came: Plain, wanted: Plain): boolean => equal(came, wanted, 1e-4);

export const answerLoss: Exercise = {
  id: '16.2.3',
  name: 'answerLoss',
  cell: 'answer-loss',
  title: 'Loss on the answer only',
  minutes: 10,
  difficulty: 'medium',
  statement: 'An assistant is trained on a question and its answer, but only the answer counts in '
    + 'the loss. Here *for review .* plays the answer to *The agent opened a pull request*. Put '
    + 'the mean loss of `model`, in nats, of the targets from the word *for* to the end into '
    + '`answerLoss`; the first five targets do not count.',
  stub: `${PAIR}const answerLoss = undefined as number | undefined;

// Your code: one call of lossPerPosition, then choose which positions count.`,
  solution,
  others: [
    {
      says: 'the target −100 where none counts, as in training',
      source: `${PAIR}const onlyAnswer = whole.targets.map((id, t) => (t < 5 ? -100 : id));
const answerLoss = tf.tidy(() => {
  const loss = meanLoss(model, { inputIds: [whole.inputs], targets: [onlyAnswer] });
  return loss.dataSync()[0];
});`,
    },
    {
      says: 'three passes, one for each word of the answer, as inference would do it',
      source: `${PAIR}let answerLoss = 0;
for (const end of [6, 7, 8]) {
  const next = await predictNext(model, whole.inputs.slice(0, end));
  answerLoss -= Math.log(next[whole.targets[end - 1]]) / 3;
}`,
    },
  ],
  hints: [
    'Print `whole.targets.map(word)`: at which position is *for* the target?',
    'One call of `lossPerPosition` gives the losses of all eight targets. Three of them count.',
    'The loss at position 5, where *request* is the input, is that of the target *for*. Take it '
    + 'and the two after it, and divide their sum by 3.',
  ],
  right: 'three targets count, five are only context',
  explore: 'is the answer more or less probable after "The agent closed a pull request"?',
  parts: [{ says: 'the loss', points: 3 }],
  observer: 'value',
  shown: [{ input: [] }],
  agrees: areNear,
  resembles: areNear,
  diagnose: (came) =>
    typeof came !== 'number'
      ? 'answerLoss must be one number'
      : Number.isFinite(came)
      ? undefined
      : 'answerLoss is not a finite number',
  mistakes: [
    {
      says: 'all eight targets count: take the mean over for, review and the full stop only',
      source: lossesOf('allLosses'),
    },
    {
      says: 'the first target that counts is review: the loss of for is at the position before it, '
        + 'where request is the input',
      source: lossesOf('allLosses.slice(6)'),
    },
    {
      says: 'the target request counts, too: it belongs to the question',
      source: lossesOf('allLosses.slice(4)'),
    },
    {
      says: 'only the full stop counts: for and review belong to the answer as well',
      source: lossesOf('allLosses.slice(7)'),
    },
    {
      says: 'these are the losses of the question: take those of the answer',
      source: lossesOf('allLosses.slice(0, 5)'),
    },
    {
      says: 'one position too early: these are the losses of request, for and review',
      source: lossesOf('allLosses.slice(4, 7)'),
    },
    {
      says: 'the full stop is missing: the answer goes to the end',
      source: lossesOf('allLosses.slice(5, -1)'),
    },
    {
      says: 'only the word for counts: the answer goes to the end',
      source: lossesOf('allLosses.slice(5, 6)'),
    },
    {
      says: 'this is the sum of three losses, not their mean',
      source: edit(solution, [' / answerLosses.length', '']),
    },
    {
      says:
        'the sum of three losses is divided by all eight targets: the five others do not count, '
        + 'in the number either',
      source: edit(solution, ['/ answerLosses.length', '/ allLosses.length']),
    },
    {
      says: 'the targets are not shifted: each position is asked for the word that it reads',
      source: edit(solution, ['targets: [whole.targets]', 'targets: [whole.inputs]']),
    },
    {
      says: 'the answer is read without the question: then the model predicts it from less',
      source: edit(solution, ['[whole.inputs]', '[whole.inputs.slice(5)]'], [
        '[whole.targets]',
        '[whole.targets.slice(5)]',
      ], ['allLosses.slice(5)', 'allLosses']),
    },
    {
      says: "this is the probability of the answer's words (the mean): a loss is -log of it",
      source: edit(solution, ['(5);', '(5).map((loss) => Math.exp(-loss));']),
    },
    {
      says: 'the loss is in bits: with the natural logarithm its unit is the nat',
      source: edit(solution, ['(5);', '(5).map((loss) => loss / Math.LN2);']),
    },
    {
      says: 'the sign is wrong: a loss is never below 0',
      source: edit(solution, ['(5);', '(5).map((loss) => -loss);']),
    },
    {
      says: 'this is the exponential of the mean loss, the perplexity: leave the exponential out',
      source: edit(solution, [
        'answerLosses.reduce((a, b) => a + b) / answerLosses.length',
        'Math.exp(answerLosses.reduce((a, b) => a + b) / answerLosses.length)',
      ]),
    },
  ],
  scope: async () => ({ model: await trainedModel(), tf, wordTokenizer, shiftTargets,
    lossPerPosition, meanLoss, predictNext }),
};
