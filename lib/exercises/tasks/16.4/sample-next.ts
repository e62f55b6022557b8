import { mostProbable } from '../../../base/numbers';
import { Random } from '../../../base/random';
import { nextTokenProbabilities } from '../../../inference/processors';
import { predictNext } from '../../../inference/next-token';
import { language, wordTokenizer } from '../../../language/little-language';
import type { Case, Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { equal, inWords, type PlainData } from '../../plain';
import { trainedModel } from '../../observers/trained-model';
import { AGAIN } from '../samples';

const solution = `async function sampleNext(ids: number[], random: Random): Promise<number> {
  const probabilities = await predictNext(model, ids);
  const number = random.uniform();
  let sum = 0;
  for (let id = 0; id < probabilities.length; id++) {
    sum += probabilities[id];
    if (sum > number) return id;
  }
  return probabilities.length - 1; // the sum may be rounded to a little below 1
}`;

const CHANCE = 'the same seed gives different tokens: take all chance from random';

/** What the observer gives. */
interface Samples {
  readonly tokens: readonly (readonly [number, number])[];
  readonly first: readonly number[];
  readonly again: readonly number[];
  readonly probabilities: readonly number[];
}

/**
 * How many standard deviations chance may make. A right answer goes beyond them less than once in
 * ten million checks; a temperature of 0.9 is 11 away from the right frequencies.
 */
const MOST_DEVIATIONS = 5.5;

const totalOf = ({ tokens }: Samples): number => tokens.reduce((sum, [, count]) => sum + count, 0);

/**
 * By how many standard deviations the sampled tokens are too probable (or, below 0, too
 * improbable), taken together: the mean of ln p, which a wrong temperature moves most.
 */
function tooProbable({ tokens }: Samples, probabilities: readonly number[]): number {
  const logs = probabilities.map((p) => Math.log(Math.max(p, 1e-12)));
  const mean = probabilities.reduce((sum, p, id) => sum + p * logs[id]!, 0);
  const variance = probabilities.reduce((sum, p, id) => sum + p * (logs[id]! - mean) ** 2, 0);
  const total = tokens.reduce((sum, [, count]) => sum + count, 0);
  const came = tokens.reduce((sum, [id, count]) => sum + count * logs[id]!, 0) / total;
  // where one token is nearly certain, a single other one is no proof
  return (came - mean) / Math.sqrt(variance / total + 10 / total ** 2);
}

/** Whether each token came as often as its probability says, up to chance. */
function fits(came: Samples, probabilities: readonly number[]): boolean {
  const total = totalOf(came);
  const counts = new Map(came.tokens);
  if (came.tokens.some(([id]) => probabilities[id] === undefined)) return false;
  const isFrequent = (id: number): boolean => total * probabilities[id]! >= 25;
  let [rare, rareShare] = [0, 0];
  for (const [id, p] of probabilities.entries()) {
    const count = counts.get(id) ?? 0;
    if (isFrequent(id)) {
      const deviation = Math.sqrt(total * p * (1 - p)) + 1;
      if (Math.abs(count - total * p) > MOST_DEVIATIONS * deviation) return false;
    } else {
      rare += count;
      rareShare += p;
    }
  }
  const expected = total * rareShare;
  return Math.abs(rare - expected) <= MOST_DEVIATIONS * (Math.sqrt(expected) + 1)
    && Math.abs(tooProbable(came, probabilities)) <= MOST_DEVIATIONS;
}

/** Whether two lists of samples may come from one distribution. */
function mayBeSame(one: Samples, two: Samples): boolean {
  const [a, b] = [new Map(one.tokens), new Map(two.tokens)];
  const [m, n] = [totalOf(one), totalOf(two)];
  return [...new Set([...a.keys(), ...b.keys()])].every((id) => {
    const [x, y] = [a.get(id) ?? 0, b.get(id) ?? 0];
    return Math.abs(x / m - y / n) <= 5 * Math.sqrt((x + y + 1) / (m * n));
  });
}

const repeats = ({ first, again }: Samples): boolean => equal(first, again);

const sampled = (text: string, times: number, part: number): Case => ({
  input: { ids: text.split(' ').map((word) => wordTokenizer.id(word)), seed: 16, times },
  part,
  says: `${inWords(text)}, sampled ${times} times`,
});

export const sampleNext: Exercise = {
  id: '16.4.3',
  name: 'sampleNext',
  cell: 'sample',
  title: 'Sample instead of taking the best',
  minutes: 10,
  difficulty: 'medium',
  statement: 'Write `sampleNext`: it returns the next token, sampled with its probability. '
    + '`random.uniform()` gives a number from 0 to 1. Add up the probabilities, one token after '
    + 'another, until the sum exceeds that number. All chance comes from `random`, so that a seed '
    + 'repeats a text. (The check calls it thousands of times.)',
  stub: `async function sampleNext(ids: number[], random: Random): Promise<number> {
  return nextToken(model, ids); // your code: predictNext gives the probabilities
}`,
  solution,
  others: [
    {
      says: 'subtract from the number instead, the most probable token first',
      source: `async function sampleNext(ids: number[], random: Random): Promise<number> {
  const probabilities = await predictNext(model, ids);
  const order = mostProbable(probabilities, probabilities.length);
  let left = random.uniform();
  return order.find((id) => (left -= probabilities[id]) < 0) ?? order[0];
}`,
    },
    {
      says: 'the library does it',
      source: `async function sampleNext(ids: number[], random: Random): Promise<number> {
  return random.choose(await predictNext(model, ids));
}`,
    },
    {
      says: 'add a random amount to each log-probability and take the best (the Gumbel trick)',
      source: `async function sampleNext(ids: number[], random: Random): Promise<number> {
  const probabilities = await predictNext(model, ids);
  const gumbel = () => -Math.log(-Math.log(1 - random.uniform()));
  const scores = Array.from(probabilities, (value) => Math.log(value) + gumbel());
  return mostProbable(scores, 1)[0];
}`,
    },
  ],
  hints: [
    'Lay the probabilities end to end: together they cover the line from 0 to 1. A random point on '
    + 'it falls on a token with just its probability.',
    'One random number for each call: take it before the loop. The sum grows, the number stays.',
    'Return the id with which the sum first exceeds the number, not the one before it.',
  ],
  right: '7,000 samples after four texts come as often as their probabilities say, and the same '
    + 'seed gives the same tokens',
  explore: 'divide the logs of the probabilities by 0.9 before you sample: after how many samples '
    + 'could you tell? (16.7 calls it a temperature.)',
  parts: [
    { says: 'the frequencies after given texts', points: 2 },
    { says: 'after any text, and to a few per cent', points: 2 },
  ],
  observer: 'samples',
  shown: [
    sampled('The bug needed work .', 50, 0),
    sampled('The agent opened a pull request', 1200, 0),
    sampled('to', 5000, 1),
  ],
  hidden: (random) => {
    const words = language.sample(random);
    return [sampled(words.slice(0, 1 + random.integer(4)).join(' '), 800, 1)];
  },
  agrees: (came, wanted) => {
    const samples = came as unknown as Samples;
    return repeats(samples) && fits(samples, (wanted as unknown as Samples).probabilities);
  },
  resembles: (came, ofMistake) => {
    const [one, two] = [came, ofMistake] as unknown as [Samples, Samples];
    return repeats(one) === repeats(two) && mayBeSame(one, two);
  },
  diagnose: (came) => {
    const samples = came as unknown as Samples;
    const { tokens, probabilities } = samples;
    const strange = tokens.find(([id]) => probabilities[id] === undefined);
    if (strange) return `it returns ${inWords(strange[0])}, which is no id of a token`;
    if (!repeats(samples)) return CHANCE;
    const much = tooProbable(samples, probabilities);
    if (Math.abs(much) <= MOST_DEVIATIONS) return undefined;
    return much > 0
      ? 'probable tokens come too often, and improbable ones too seldom'
      : 'improbable tokens come too often, and probable ones too seldom';
  },
  inMessage: (value: PlainData) => {
    const samples = value as unknown as Samples;
    const total = totalOf(samples);
    return samples.tokens.slice(0, 5).map(([id, count]) => {
      const word = typeof id === 'number' && id in samples.probabilities
        ? wordTokenizer.token(id)
        : inWords(id);
      return `${word} ${(100 * count / total).toFixed(1)} %`;
    }).join(', ') + (repeats(samples) ? '' : AGAIN);
  },
  mistakes: [
    {
      says: 'each comparison takes a new random number: take one before the loop',
      source: edit(solution, ['sum > number', 'sum > random.uniform()']),
    },
    {
      says: 'the token before the right one: return that with which the sum exceeds the number',
      source: edit(solution, ['return id;', 'return Math.max(0, id - 1);']),
    },
    {
      says: 'the token after the right one: return that with which the sum exceeds the number',
      source: edit(solution, ['return id;', 'return id + 1;']),
    },
    {
      says: 'each probability alone is compared with the number: compare their sum',
      source: edit(solution, ['sum += probabilities[id]', 'sum = probabilities[id]']),
    },
    {
      says: 'the sum is compared the wrong way round: the first token that does not reach it wins',
      source: edit(solution, ['sum > number', 'sum < number']),
    },
    {
      says: 'all tokens are equally probable here: their probabilities are not used',
      source: edit(solution, [
        'const number = random.uniform();',
        'return random.integer(probabilities.length);\n  const number = random.uniform();',
      ]),
    },
    {
      says: 'the rank of the token is returned: return its id',
      source: edit(solution, [
        'const probabilities = await predictNext(model, ids);',
        'const probabilities = (await predictNext(model, ids)).sort().reverse();',
      ]),
    },
    {
      says: 'a new Random with a fixed seed gives the same number at every call: use the one given',
      source: edit(solution, ['random.uniform()', 'new Random(16).uniform()']),
    },
    {
      says: CHANCE,
      source: edit(solution, ['random.uniform()', 'Math.random()']),
    },
    {
      says: 'only the last token is read: the model must read all ids',
      source: edit(solution, ['(model, ids)', '(model, ids.slice(-1))']),
    },
    {
      says: 'only a few of the most probable tokens are ever sampled: all must be',
      source: edit(solution, [
        'const probabilities = await predictNext(model, ids);',
        'const probabilities = await predictNext(model, ids, { topK: 5 });',
      ]),
    },
  ],
  scope: async () => {
    const { tf } = await import('../../../tensor/tf');
    const model = await trainedModel();
    const nextToken = (reader: typeof model, ids: number[]): number =>
      tf.tidy(() => reader.forward([ids], { logitsToKeep: 1 }).argMax(-1).dataSync()[0]!);
    return { model, tf, predictNext, mostProbable, nextTokenProbabilities, nextToken, Random };
  },
};
