import { mostProbable } from '../../../base/numbers';
import type { Random } from '../../../base/random';
import { predictNext } from '../../../inference/next-token';
import { wordTokenizer } from '../../../language/little-language';
import { tf } from '../../../tensor/tf';
import { trainedModel } from '../../observers/trained-model';
import type { Case, Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { agreesWithin, type Counted, type CountedInput, countedInWords,
  resemblesWithin } from '../counted';

/** Texts that the writer continues with these words, and the lengths of their prompts. */
const WRITTEN: readonly (readonly [text: string, promptLength: number])[] = [
  ['The agent closed the issue and then opened it again and then closed it again', 5],
  ['The agents opened a pull request for review . <eos>', 2],
  ['Summarize the pull request for the reviewer . <eos>', 1],
  ['The reviewer approved the pull request . <eos>', 2],
  ['The agent closed the issue and then opened it', 3],
];

const solution = `async function firstWrong(text: number[], promptLength: number): Promise<number> {
  const choices = tf.tidy(() => writer.forward([text]).argMax(-1).dataSync()); // [seq]
  for (let t = promptLength; t < text.length; t++)
    if (choices[t - 1] !== text[t]) return t;
  return -1;
}`;

const passForEach =
  `async function firstWrong(text: number[], promptLength: number): Promise<number> {
  for (let t = promptLength; t < text.length; t++) {
    const [choice] = mostProbable(await predictNext(writer, text.slice(0, t)), 1);
    if (choice !== text[t]) return t;
  }
  return -1;
}`;

const ONE_IS_ENOUGH =
  'there is more than one pass: the words are all known, so one pass gives every choice';

const NO_PASS = 'no pass of the writer is seen: call its forward once in firstWrong';

/** A text of the writer with different words at some positions. */
function forged(
  [text, promptLength]: readonly [string, number],
  changes: Record<number, string>,
  most?: number,
): Case {
  const words = text.split(' ').map((word, t) => changes[t] ?? word);
  const at = Object.keys(changes).map((t) => `${t} ("${words[Number(t)]}")`).join(' and ');
  const what = at === '' ? 'as the writer wrote it' : `forged at ${at}`;
  return {
    input: { args: [words.map((word) => wordTokenizer.id(word)), promptLength],
      ...most !== undefined && { most } },
    part: most === undefined ? 0 : 1,
    says: `"${words.join(' ')}", a prompt of ${promptLength}, ${what}`,
  };
}

function randomText(random: Random, most?: number): Case {
  const [text, base] = WRITTEN[random.integer(WRITTEN.length)]!;
  const words = text.split(' ');
  const promptLength = base + random.integer(words.length - base);
  const changes: Record<number, string> = {};
  for (let n = random.integer(3); n > 0; n--) {
    const t = promptLength + random.integer(words.length - promptLength);
    changes[t] = wordTokenizer.token(2 + random.integer(100));
  }
  return forged([text, promptLength], changes, most);
}

export const firstWrong: Exercise = {
  id: '16.1.2',
  name: 'firstWrong',
  cell: 'first-wrong',
  title: 'Verify in one pass',
  minutes: 10,
  difficulty: 'medium',
  statement: 'Write `firstWrong`: given a text and the length of its prompt, at least 1, return '
    + "the first position after the prompt whose word is *not* the writer's first choice, or −1 "
    + 'if there is none. Positions count from 0, the prompt included. Use one forward pass only.',
  stub: `async function firstWrong(text: number[], promptLength: number): Promise<number> {
  return -2; // your code
}`,
  solution,
  others: [
    {
      says: 'all choices at once, then the first that differs',
      source: `async function firstWrong(text: number[], promptLength: number): Promise<number> {
  const logits = writer.forward([text]); // [1, seq, vocab]
  const [choices] = await logits.argMax(-1).array() as number[][];
  logits.dispose();
  return text.findIndex((id, t) => t >= promptLength && id !== choices[t - 1]);
}`,
    },
    {
      says: 'by the logits: no word may be above the word of the text',
      source: `async function firstWrong(text: number[], promptLength: number): Promise<number> {
  const [logits] = tf.tidy(() => writer.forward([text]).arraySync()); // [seq][vocab]
  const wrong = text.slice(promptLength).findIndex((id, n) => {
    const scores = logits[promptLength + n - 1];
    return scores.some((score) => score > scores[id]);
  });
  return wrong < 0 ? -1 : promptLength + wrong;
}`,
    },
  ],
  hints: [
    'One pass gives a choice at every position. Section 16.1.9 checks the words of a text with it.',
    '`writer.forward([text]).argMax(-1)` holds a choice at every position. The choice at position '
    + '4 is the guess for the word at position 5.',
    'So compare the choice at t − 1 with `text[t]`, for every t from `promptLength` on, and return '
    + 'the first t where they differ.',
  ],
  right: 'texts of the writer, and forged ones: at one position, at two, at the first and the last',
  explore: 'how much probability does the writer give to a forged word? Return that too.',
  parts: [{ says: 'the right position', points: 2 }, { says: 'in one pass', points: 2 }],
  observer: 'countPasses',
  shown: [
    forged(['Summarize the pull request for the reviewer . <eos>', 1], {}),
    forged([WRITTEN[0]![0].split(' ').slice(0, 10).join(' '), 5], { 8: 'agent' }),
    forged(['The reviewer approved the pull request . <eos>', 2], { 2: 'closed' }),
    forged(['The agents opened a pull request for review . <eos>', 2], { 8: 'before' }),
    forged(['The reviewer approved the pull request . <eos>', 8], {}),
    // the repeated word is what a double shift expects there
    forged(['The reviewer approved the pull pull request . <eos>', 4], { 4: 'the' }),
    forged(WRITTEN[0]!, { 7: 'closed', 12: 'opened' }),
    forged(WRITTEN[0]!, {}, 1),
    forged(WRITTEN[0]!, { 13: 'issue' }, 1),
  ],
  hidden: (random) => [
    ...Array.from({ length: 4 }, () => randomText(random)),
    ...Array.from({ length: 2 }, () => randomText(random, 1)),
  ],
  agrees: (came, wanted, input) =>
    agreesWithin()(came, wanted, input)
    && ((input as unknown as CountedInput).most === undefined
      || (came as unknown as Counted).passes === 1),
  resembles: resemblesWithin(),
  diagnose: (came, input) => {
    const { result, passes } = came as unknown as Counted;
    const { args, most } = input as unknown as CountedInput;
    const [text, promptLength] = args as unknown as [number[], number];
    if (most !== undefined && passes > most) return ONE_IS_ENOUGH;
    if (most !== undefined && passes < 1) return NO_PASS;
    if (typeof result !== 'number') return 'the result must be a position, a number';
    if (result >= 0 && result < promptLength)
      return `position ${result} belongs to the prompt, which was given`;
    if (result >= text.length) return `there is no position ${result}: they count from 0`;
    return undefined;
  },
  inMessage: countedInWords,
  mistakes: [
    {
      says: 'the first word after the prompt counts as wrong in every text; the choice at position '
        + '7 is the guess for the word at position 8: is it compared with that one?',
      source: edit(solution, ['choices[t - 1]', 'choices[t]']),
    },
    {
      says:
        'a double shift: the choice at position 6 is the guess for the word at position 7, not 8',
      source: edit(solution, ['choices[t - 1]', 'choices[t - 2]']),
    },
    {
      says:
        'this is the position of the choice, one to the left of the word that it is a guess for',
      source: edit(solution, ['return t;', 'return t - 1;']),
    },
    {
      says: 'the words of the prompt are checked as well, but those were given',
      source: edit(solution, ['t = promptLength', 't = 1']),
    },
    {
      says: 'the check begins one position too late: the first word after the prompt is the '
        + "writer's own, too",
      source: edit(solution, ['t = promptLength', 't = promptLength + 1']),
    },
    {
      says: 'the position counts from the end of the prompt: count from the beginning of the text',
      source: edit(solution, ['return t;', 'return t - promptLength;']),
    },
    {
      says: 'the position counts from 1: count from 0',
      source: edit(solution, ['return t;', 'return t + 1;']),
    },
    {
      says: 'this is the first word that is the first choice: look for the first that is not',
      source: edit(solution, ['!==', '===']),
    },
    {
      says: 'this is the number of wrong words: return the position of the first',
      source: `async function firstWrong(text: number[], promptLength: number): Promise<number> {
  const choices = tf.tidy(() => writer.forward([text]).argMax(-1).dataSync());
  return text.filter((id, t) => t >= promptLength && id !== choices[t - 1]).length;
}`,
    },
    {
      says: 'this is the last wrong position, not the first',
      source: edit(solution, [
        'let t = promptLength; t < text.length; t++',
        'let t = text.length - 1; t >= promptLength; t--',
      ]),
    },
    {
      says: 'the last word is never checked',
      source: edit(solution, ['t < text.length', 't < text.length - 1']),
    },
    {
      says: ONE_IS_ENOUGH,
      source: passForEach,
    },
    {
      says: ONE_IS_ENOUGH,
      source: `const pass = writer.forward.bind(writer);
async function firstWrong(text: number[], promptLength: number): Promise<number> {
  for (let t = promptLength; t < text.length; t++) {
    const ids = text.slice(0, t);
    const choices = tf.tidy(() => pass([ids]).argMax(-1).dataSync());
    if (choices[t - 1] !== text[t]) return t;
  }
  return -1;
}`,
    },
    {
      says: NO_PASS,
      source: `async function firstWrong(text: number[], promptLength: number): Promise<number> {
  for (let t = promptLength; t < text.length; t++) {
    const input = { rows: [text.slice(0, t)], positions: [text.slice(0, t).map((_, n) => n)] };
    const choices = tf.tidy(() => {
      const states = writer.walk(writer.embed(input)); // [1, t, width]
      return writer.logits(states).argMax(-1).dataSync();
    });
    if (choices[t - 1] !== text[t]) return t;
  }
  return -1;
}`,
    },
    {
      says: 'the pass reads the words after the prompt only: the writer chose them after reading '
        + 'the prompt, too',
      source: `async function firstWrong(text: number[], promptLength: number): Promise<number> {
  const own = text.slice(promptLength - 1, -1);
  if (own.length === 0) return -1;
  const choices = tf.tidy(() => writer.forward([own]).argMax(-1).dataSync());
  const wrong = own.findIndex((_, n) => choices[n] !== text[promptLength + n]);
  return wrong < 0 ? -1 : promptLength + wrong;
}`,
    },
  ],
  scope: async () => ({ writer: await trainedModel(), tf, predictNext, mostProbable }),
};
