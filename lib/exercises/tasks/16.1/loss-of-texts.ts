import type { Random } from '../../../base/random';
import { wordTokenizer } from '../../../language/little-language';
import { languageCorpus } from '../../../language/language-corpus';
import { tf } from '../../../tensor/tf';
import { shiftTargets } from '../../../text/batches';
import type { Rows } from '../../../text/tokenizer';
import { lossPerPosition, meanLoss } from '../../../training/loss';
import { trainedModel } from '../../observers/trained-model';
import type { Case, Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { agreesWithin, type Counted, type CountedInput, countedInWords,
  resemblesWithin } from '../counted';

/** Nats: one pass and many differ by rounding, far less than the mistakes. */
const TOLERANCE = 2e-5;

const solution = `async function lossOfTexts(texts: number[][]): Promise<number> {
  const pairs = texts.map((ids) => shiftTargets(ids));
  const longest = Math.max(...pairs.map(({ inputs }) => inputs.length));
  const fillUp = (ids: number[]) =>
    [...ids, ...new Array<number>(longest - ids.length).fill(0)];
  const rows = await lossPerPosition(writer, {
    inputIds: pairs.map(({ inputs }) => fillUp(inputs)),
    targets: pairs.map(({ targets }) => fillUp(targets)),
  }); // [batch][seq]
  const counted = rows.flatMap((row, b) => row.slice(0, pairs[b].targets.length));
  return counted.reduce((sum, loss) => sum + loss) / counted.length;
}`;

const byLibrary = `async function lossOfTexts(texts: number[][]): Promise<number> {
  const pairs = texts.map((ids) => shiftTargets(ids));
  const longest = Math.max(...pairs.map(({ inputs }) => inputs.length));
  const fillUp = (ids: number[], filling: number) =>
    Array.from({ length: longest }, (_, t) => ids[t] ?? filling);
  const batch = {
    inputIds: pairs.map(({ inputs }) => fillUp(inputs, 0)),
    targets: pairs.map(({ targets }) => fillUp(targets, -100)),
  };
  return tf.tidy(() => meanLoss(writer, batch).dataSync()[0]);
}`;

const onePerText = `async function lossOfTexts(texts: number[][]): Promise<number> {
  const losses: number[] = [];
  for (const ids of texts) {
    const { inputs, targets } = shiftTargets(ids);
    const batch = { inputIds: [inputs], targets: [targets] };
    losses.push(...(await lossPerPosition(writer, batch))[0]);
  }
  return losses.reduce((sum, loss) => sum + loss) / losses.length;
}`;

const ONE_IS_ENOUGH = 'there is more than one pass: all texts fit into one batch';

/** One target too many: what is filled in after the last word. */
const endsWithFilling = (filling: number): string =>
  edit(solution, [
    'shiftTargets(ids)',
    `shiftTargets([...ids, ${filling}])`,
  ]);

/** Filled up on the left, where the loss of the filling does not count. */
const onTheLeft = (filling: number): string =>
  edit(solution, [
    '[...ids, ...new Array<number>(longest - ids.length).fill(0)]',
    `[...new Array<number>(longest - ids.length).fill(${filling}), ...ids]`,
  ], ['row.slice(0, pairs[b].targets.length)', 'row.slice(-pairs[b].targets.length)']);

/** The solution with a different last line. */
const returning = (result: string): string =>
  edit(solution, ['return counted.reduce((sum, loss) => sum + loss) / counted.length;', result]);

const COUNTED = 'rows.flatMap((row, b) => row.slice(0, pairs[b].targets.length))';

const caseOf = (sentences: readonly string[], part: number, most?: number): Case => ({
  input: { args: [sentences.map((sentence) => wordTokenizer.encode(sentence))],
    ...most !== undefined && { most } },
  part,
  says: sentences.length === 1
    ? `"${sentences[0]}"`
    : `${sentences.length} texts of ${
      sentences.map((sentence) => wordTokenizer.encode(sentence).length).join(', ')
    } tokens`,
});

let heldOut: Rows | undefined;

/** Sentences of the corpus that the model was not trained on. */
function randomTexts(random: Random, most?: number): Case {
  const validation = (heldOut ??= languageCorpus().validation);
  const sentences = Array.from(
    { length: 3 + random.integer(4) },
    () => wordTokenizer.decode(validation[random.integer(validation.length)]!),
  );
  return caseOf(sentences, most === undefined ? 1 : 2, most);
}

const SHORT = 'Summarize the pull request for the reviewer . <eos>';
const MEDIUM = 'The agent opened a pull request for review . <eos>';
const LONG = 'The tests failed on Tuesday , so the agent asked for help . <eos>';

export const lossOfTexts: Exercise = {
  id: '16.1.3',
  name: 'lossOfTexts',
  cell: 'loss-of-texts',
  title: 'Many texts, one pass',
  minutes: 20,
  difficulty: 'hard',
  statement: 'How well does the writer predict a set of texts? Write `lossOfTexts`: it returns '
    + 'the mean loss, in nats, over **all** targets of all texts, each of at least two tokens. '
    + 'One forward pass takes many texts in rows of equal length. So fill short ones up: what '
    + 'is filled in must not count, and no position that counts may read it.',
  stub: `async function lossOfTexts(texts: number[][]): Promise<number> {
  return 0; // your code
}`,
  solution,
  others: [
    { says: 'the target −100, which the library ignores', source: byLibrary },
    {
      says: 'the texts are filled up before the shift, the sums are divided at the end',
      source: `async function lossOfTexts(texts: number[][]): Promise<number> {
  const longest = Math.max(...texts.map(({ length }) => length));
  const pairs = texts.map((ids) =>
    shiftTargets([...ids, ...Array<number>(longest - ids.length).fill(1)])
  );
  const losses = await lossPerPosition(writer, {
    inputIds: pairs.map(({ inputs }) => inputs),
    targets: pairs.map(({ targets }) => targets),
  });
  let [sum, count] = [0, 0];
  for (const [b, { length }] of texts.entries()) {
    for (let t = 0; t < length - 1; t++) sum += losses[b][t];
    count += length - 1;
  }
  return sum / count;
}`,
    },
  ],
  hints: [
    'The causal mask hides from each position what is on its right. So on which side of a text can '
    + 'you fill in anything at all?',
    'Fill up on the right, inputs and targets alike, and call `lossPerPosition` once. The losses '
    + 'of a row that count are its first ones: as many as its text has targets.',
    'Put the losses that count into one list and divide their sum by its length. The mean of the '
    + 'means of the rows is a different number: it gives a short text the weight of a long one.',
  ],
  right: 'one text, texts of one length and of different lengths, in one pass',
  explore: 'fill up on the left instead: how much does the loss change? 16.5 shows what it takes.',
  parts: [
    { says: 'texts of equal lengths', points: 1 },
    { says: 'texts of different lengths', points: 3 },
    { says: 'in one pass', points: 2 },
  ],
  observer: 'countPasses',
  shown: [
    caseOf(['The agent opened a pull request'], 0),
    caseOf([MEDIUM, 'The agents opened a pull request for review . <eos>'], 0),
    caseOf(['The agent', LONG], 1),
    caseOf([LONG, SHORT, MEDIUM], 1),
    caseOf([SHORT, LONG, MEDIUM, 'The reviewer'], 2, 1),
  ],
  hidden: (random) => [randomTexts(random), randomTexts(random), randomTexts(random, 1)],
  agrees: agreesWithin(TOLERANCE),
  resembles: resemblesWithin(TOLERANCE),
  diagnose: (came, input) => {
    const { result, passes } = came as unknown as Counted;
    if (passes > ((input as unknown as CountedInput).most ?? Infinity)) return ONE_IS_ENOUGH;
    if (typeof result !== 'number') return 'the result must be one number';
    return Number.isFinite(result) ? undefined : 'the loss is not a finite number';
  },
  inMessage: countedInWords,
  mistakes: [
    {
      says: 'what was filled in counts in the loss: leave those positions out, of the sum and of '
        + 'the number of losses',
      source: edit(solution, [COUNTED, 'rows.flat()']),
    },
    {
      says: 'what was filled in counts in the loss: leave those positions out, of the sum and of '
        + 'the number of losses',
      source: edit(solution, [COUNTED, 'rows.flat()'], ['.fill(0)', '.fill(1)']),
    },
    {
      says:
        'the losses of the filled positions are 0, but they count in the number that the sum is '
        + 'divided by',
      source: returning(
        'return counted.reduce((sum, loss) => sum + loss) / (longest * texts.length);',
      ),
    },
    {
      says: 'this is the mean of the means of the texts: it gives a short text as much weight as a '
        + 'long one, and each target should have the same',
      source: returning(`const means = pairs.map(({ targets }, b) =>
    rows[b].slice(0, targets.length).reduce((sum, loss) => sum + loss) / targets.length
  );
  return means.reduce((sum, mean) => sum + mean) / means.length;`),
    },
    {
      says: 'the targets are not shifted: each position is asked for the word that it reads',
      source: edit(solution, [
        'texts.map((ids) => shiftTargets(ids))',
        'texts.map((ids) => ({ inputs: ids, targets: ids }))',
      ]),
    },
    {
      says: 'the targets are not shifted: each position is asked for the word that it reads',
      source: edit(solution, [
        'texts.map((ids) => shiftTargets(ids))',
        'texts.map((ids) => ({ inputs: ids.slice(0, -1), targets: ids.slice(0, -1) }))',
      ]),
    },
    {
      says: 'a double shift: each position is asked for the word after the next one',
      source: edit(solution, [
        'texts.map((ids) => shiftTargets(ids))',
        'texts.map((ids) => ({ inputs: ids.slice(0, -1), targets: ids.slice(2) }))',
      ]),
    },
    {
      says: 'the shift goes the wrong way: each position is asked for the word before it',
      source: edit(solution, [
        'texts.map((ids) => shiftTargets(ids))',
        'texts.map((ids) => ({ inputs: ids.slice(1), targets: ids.slice(0, -1) }))',
      ]),
    },
    ...[0, 1].map((filling) => ({
      says: 'the last word of a text has a target, too, which was filled in: no text says what '
        + 'follows its last word',
      source: endsWithFilling(filling),
    })),
    ...[0, 1].map((filling) => ({
      says: 'the texts are filled up on the left: the filling is read, and every word has moved to '
        + 'a different position',
      source: onTheLeft(filling),
    })),
    {
      says: 'the texts are filled up on the left, and the mask hides the filling, but every word '
        + 'has moved to a different position',
      source: edit(onTheLeft(0), [
        '  }); // [batch][seq]',
        `  }, {
    attentionMask: pairs.map(({ inputs }) => fillUp(inputs.map(() => 1))),
  }); // [batch][seq]`,
      ]),
    },
    {
      says: 'the texts are joined into one row, so each of them reads those before it: give each a '
        + 'row of its own',
      source: `async function lossOfTexts(texts: number[][]): Promise<number> {
  const { inputs, targets } = shiftTargets(texts.flat());
  const [losses] = await lossPerPosition(writer, { inputIds: [inputs], targets: [targets] });
  return losses.reduce((sum, loss) => sum + loss) / losses.length;
}`,
    },
    {
      says: ONE_IS_ENOUGH,
      source: onePerText,
    },
    {
      says: 'the long texts are cut to the length of the shortest, so some targets are missing',
      source: edit(solution, ['Math.max(', 'Math.min('], [
        '[...ids, ...new Array<number>(longest - ids.length).fill(0)]',
        'ids.slice(0, longest)',
      ]),
    },
    {
      says: 'this is the sum of the losses, not their mean',
      source: returning('return counted.reduce((sum, loss) => sum + loss);'),
    },
    {
      says: 'the sum is divided by the number of texts, not of targets',
      source: returning('return counted.reduce((sum, loss) => sum + loss) / texts.length;'),
    },
    {
      says: 'the sum is divided by the number of tokens: the first one of each text is no target',
      source: returning(
        'return counted.reduce((sum, loss) => sum + loss) / texts.flat().length;',
      ),
    },
    {
      says: 'the loss of the last target of each text is missing',
      source: edit(solution, ['pairs[b].targets.length', 'pairs[b].targets.length - 1']),
    },
  ],
  scope: async () => ({ writer: await trainedModel(), tf, shiftTargets, lossPerPosition,
    meanLoss }),
};
