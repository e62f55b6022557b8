import { wordTokenizer } from '../../../language/little-language';
import type { Case, Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { inWords, type PlainData } from '../../plain';

const solution = `function answersAlike(one: GPT, textIds: number[], calls: number): boolean {
  const answers = Array.from({ length: calls }, () =>
    tf.tidy(() => one.forward([textIds]).dataSync().slice()));
  return answers.every((logits) =>
    logits.every((logit, i) => logit === answers[0][i]));
}`;

/** As in the observer: the number of passes, and the mode in which the answer left the model. */
interface Compared {
  readonly result: PlainData;
  readonly passes: number;
  readonly calls: number;
  readonly training: boolean;
}

const TEXT = 'The agent opened a pull request for review and waited for the reviewer .';

const input = (
  says: string,
  training: boolean,
  rates: Record<string, number>,
  calls = 4,
  text = TEXT,
): Case => ({ says: `a model in ${training ? 'training' : 'eval'} mode, ${says}, ${calls} calls`,
  input: { rates, training, calls, ids: wordTokenizer.encode(text) } });

const all = (rate: number): Record<string, number> => ({ embdPdrop: rate, attnPdrop: rate,
  residPdrop: rate });

/** Whether the answer cannot know: one difference is enough to say no, all passes to say yes. */
const isTooFew = ({ result, passes, calls }: Compared): boolean =>
  calls > 1 && passes < (result === true ? calls : 2);

export const answersAlike: Exercise = {
  id: '16.6.3',
  name: 'answersAlike',
  cell: 'answers-alike',
  title: 'Is it in the right mode?',
  minutes: 10,
  difficulty: 'medium',
  statement:
    'You receive a model and cannot see its flag. Write `answersAlike`: it returns true if '
    + '`calls` passes over `textIds` give exactly the same logits, at every position. Leave the '
    + 'model in the mode in which it came.',
  stub: `function answersAlike(one: GPT, textIds: number[], calls: number): boolean {
  return true; // your code: forward, dataSync, compare
}`,
  solution,
  others: [
    {
      says: 'logits as texts, in a set',
      source: `function answersAlike(one: GPT, textIds: number[], calls: number): boolean {
  const different = new Set<string>();
  for (let n = 0; n < calls; n++)
    different.add(tf.tidy(() => one.forward([textIds]).dataSync().join()));
  return different.size < 2;
}`,
    },
    {
      says: 'each pass compared with the first, until one differs',
      source: `function answersAlike(one: GPT, textIds: number[], calls: number): boolean {
  const ask = () => tf.tidy(() => [...one.forward([textIds]).dataSync()]);
  const first = ask();
  for (let n = 1; n < calls; n++) {
    const next = ask();
    if (first.some((logit, i) => logit !== next[i])) return false;
  }
  return true;
}`,
    },
  ],
  hints: [
    'One pass cannot differ from itself: ask the model `calls` times and keep the logits, '
    + '`[...one.forward([textIds]).dataSync()]`.',
    'Two arrays are never `===`, even if they hold the same numbers: compare number by number.',
    'With little dropout the most probable words stay the same, and so does a part of the logits: '
    + 'compare all of them.',
  ],
  right: 'a model in eval mode, one without dropout, and models in training mode: those give '
    + 'themselves away, even with little dropout',
  explore: 'how small can `attnPdrop` be until four passes of a model in training mode agree?',
  parts: [
    { says: 'models whose passes agree', points: 1 },
    { says: 'models in training mode with dropout', points: 2 },
  ],
  observer: 'mode',
  shown: [
    input('dropout 0.2', false, all(0.2)),
    input('dropout 0', true, all(0), 3),
    input('dropout 0.2', false, all(0.2), 1),
    { ...input('dropout 0.2', true, all(0.2)), part: 1 },
    { ...input('attention dropout 0.01', true, { attnPdrop: 0.01 }, 6), part: 1 },
    { ...input('dropout 0.02 of block outputs', true, { residPdrop: 0.02 }, 2), part: 1 },
    // so much that even the most probable next word changes
    { ...input('dropout 0.5', true, all(0.5), 8, 'The agent opened a pull request'), part: 1 },
  ],
  hidden: (random) => [
    { ...input('dropout', true, { ...all(0.05), seed: random.integer(1000) }, 3), part: 1 },
    { ...input('dropout 0.1', false, { ...all(0.1), seed: random.integer(1000) }, 3) },
  ],
  agrees: (came, wanted, asked) => {
    const [yours, ours] = [came, wanted] as unknown as [Compared, Compared];
    return yours.result === ours.result
      && yours.training === (asked as { training: boolean }).training && !isTooFew(yours);
  },
  resembles: (came, ofMistake) => {
    const [yours, known] = [came, ofMistake] as unknown as [Compared, Compared];
    return yours.result === known.result && yours.training === known.training
      && (yours.passes > 1) === (known.passes > 1);
  },
  diagnose: (came, asked) => {
    const { result, training } = came as unknown as Compared;
    if (typeof result !== 'boolean') return 'true or false is wanted';
    if (training !== (asked as { training: boolean }).training)
      return 'the model is in a different mode afterwards';
    if (isTooFew(came as unknown as Compared))
      return 'no pass is made, or too few of them: ask the model `calls` times';
    return result
      ? 'you miss a model in training mode: compare all logits of all passes'
      : 'these passes agree: compare numbers, not arrays';
  },
  inMessage: (value) => {
    const { result, passes, training } = value as unknown as Compared;
    return `${inWords(result)}, after ${passes} pass${
      passes === 1 ? '' : 'es'
    }, and the model is in `
      + `${training ? 'training' : 'eval'} mode`;
  },
  mistakes: [
    {
      says: 'arrays are compared, not the numbers in them: two arrays are never the same object',
      source: edit(solution, [
        'logits.every((logit, i) => logit === answers[0][i])',
        'answers.every((other) => other === logits)',
      ]),
    },
    {
      says: 'one pass is compared with itself: ask the model `calls` times',
      source: edit(solution, [
        `Array.from({ length: calls }, () =>
    tf.tidy(() => one.forward([textIds]).dataSync().slice()))`,
        `new Array(calls).fill(
    tf.tidy(() => one.forward([textIds]).dataSync().slice()))`,
      ]),
    },
    {
      says: 'eval() is called first: then every model agrees, whatever its mode was',
      source: edit(solution, ['  const answers', '  one.eval();\n  const answers']),
    },
    {
      says: 'training: false is passed: then every model agrees, whatever its mode is',
      source: edit(solution, ['forward([textIds])', 'forward([textIds], { training: false })']),
    },
    {
      says: 'train() is called first: then every model with dropout differs, whatever its mode was',
      source: edit(solution, ['  const answers', '  one.train();\n  const answers']),
    },
    {
      says: 'only the most probable words are compared: with little dropout they stay the same',
      source: edit(solution, ['.dataSync()', '.argMax(-1).dataSync()']),
    },
    {
      says: 'only the most probable word after the text is compared: with less dropout it stays '
        + 'the same',
      source: edit(solution, ['[textIds])', '[textIds], { logitsToKeep: 1 }).argMax(-1)']),
    },
    {
      says: 'only the first position is compared: with little dropout it can stay the same',
      source: edit(solution, ['logits.every(', 'logits.slice(0, one.config.vocabSize).every(']),
    },
    {
      says: 'true and false are the wrong way round: true is wanted where all passes agree',
      source: edit(solution, ['return answers', 'return !answers']),
    },
    {
      says: 'always false: passes of a model in eval mode, or without dropout, agree',
      source: edit(solution, ['return answers', 'return false && answers']),
    },
  ],
  scope: async () => ({ tf: (await import('../../../tensor/tf')).tf }),
};
