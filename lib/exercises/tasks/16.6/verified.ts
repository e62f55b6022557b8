import type { Random } from '../../../base/random';
import type { Case, Exercise } from '../../exercise';
import { inWords, type PlainData } from '../../plain';
import { AGAIN, CHANCE, follows, resemble, type SampleCounts } from '../samples';
import { others, SIGNATURE, solution } from './verified-answers';
import { mistakes } from './verified-mistakes';

type Rows = readonly (readonly number[])[];
type Values = readonly [target: Rows, draft: Rows, drafted: readonly number[]];

/** What the text asks for, by exact enumeration: each result and its probability. */
function chancesOf([target, draft, drafted]: Values): Map<string, number> {
  const chances = new Map<string, number>();
  let accepted = 1; // the probability that all tokens so far are accepted
  for (const [i, token] of drafted.entries()) {
    const [p, q] = [target[i]!, draft[i]!];
    const acceptance = Math.min(1, p[token]! / q[token]!);
    const missing = p.map((share, id) => Math.max(0, share - q[id]!));
    const sum = missing.reduce((a, b) => a + b);
    missing.forEach((share, id) => {
      const chance = accepted * (1 - acceptance) * (share / sum);
      if (chance > 0) chances.set([...drafted.slice(0, i), id].join(), chance);
    });
    accepted *= acceptance;
  }
  target[drafted.length]!.forEach((share, id) => {
    if (accepted * share > 0) chances.set([...drafted, id].join(), accepted * share);
  });
  return chances;
}

interface Sampled {
  readonly result: readonly number[];
  readonly count: number;
}

/** What the observer gives. */
interface Samples {
  readonly outcomes: readonly Sampled[];
  readonly repeats: boolean;
}

const samplesOf = (came: PlainData): Samples => came as unknown as Samples;

const countsOf = (came: PlainData): SampleCounts =>
  new Map(samplesOf(came).outcomes.map(({ result, count }) => [result.join(), count]));

const input = (says: string, values: Values, part: number, samples = 2000): Case => ({ says, part,
  input: { values: values as unknown as PlainData, samples, seed: 16 } });

function randomRow(random: Random, size: number): number[] {
  const weights = Array.from({ length: size }, () => 0.05 + random.uniform());
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

function randomCase(random: Random): Case {
  const [count, size] = [1 + random.integer(3), 3 + random.integer(2)];
  const draft = Array.from({ length: count }, () => randomRow(random, size));
  const target = Array.from({ length: count + 1 }, () => randomRow(random, size));
  const drafted = draft.map((row) => random.choose(row));
  return input(`${count} drafted of ${size} tokens`, [target, draft, drafted], 1);
}

const [LARGE, SMALL, OTHER] = [[0.5, 0.3, 0.2], [0.2, 0.2, 0.6], [0.1, 0.7, 0.2]];
const NEXT = [0.1, 0.2, 0.7];

export const verified: Exercise = {
  id: '16.6.4',
  name: 'verified',
  cell: 'speculative',
  title: 'A draft, verified',
  minutes: 25,
  difficulty: 'hard',
  statement: 'Speculative decoding (Leviathan et al. 2023): a small model has proposed the tokens '
    + '`drafted`, token i sampled from `draft[i]`, and one pass of the large model gives `target`, '
    + 'the distributions at the same positions and at one more. Write `verified`. Token x at '
    + 'position i is accepted with probability min(1, target[i][x] / draft[i][x]). The first one '
    + 'that is not accepted is replaced by a sample from max(0, target[i] − draft[i]), normalized, '
    + 'and nothing follows it. If all are accepted, one more token is sampled from the last row of '
    + '`target`. Return these tokens. The random numbers come from `dice`.',
  stub: `${SIGNATURE}
  return []; // your code: dice.uniform() is in [0, 1), dice.choose(weights) an index
}`,
  look: [
    {
      id: 'first-tokens',
      source: `const [sure, quick] = [[0.5, 0.3, 0.2], [0.2, 0.2, 0.6]]; // target, draft
const firstTokens = Array.from({ length: 5000 }, () => {
  const proposed = random.choose(quick);
  return verified([sure, sure], [quick], [proposed], random)[0];
});
const shareOf = (id: number) => firstTokens.filter((one) => one === id).length / 5000;`,
    },
    {
      id: 'plot-first-tokens',
      source: `show(bars(['token 0', 'token 1', 'token 2'], [
  { name: 'draft', values: quick, color: 'muted' },
  { name: 'target', values: sure, color: 'exact' },
  { name: 'yours', values: [0, 1, 2].map(shareOf), color: 'inference' },
], { title: 'The first token, drafted and verified', xTitle: '', yTitle: 'share',
  percent: true }));`,
    },
  ],
  solution,
  others,
  hints: [
    'A token that the target finds at least as probable as the draft does is always accepted. The '
    + 'others need a random number each: `dice.uniform() < target[i][x] / draft[i][x]`.',
    'Where the draft has too much, tokens are rejected. The replacement must bring exactly what is '
    + 'missing elsewhere, so it may not be sampled from `target[i]` itself.',
    'Loop over `drafted`. At the first rejection return the accepted tokens and '
    + '`dice.choose(missing)`; after the loop, the accepted ones and a sample from '
    + '`target[drafted.length]`.',
  ],
  right: 'no draft, one to three tokens, sure acceptance and sure rejection: thousands of samples '
    + 'have the exact probabilities',
  explore:
    'let the library do it: `generateSpeculative(model, draft, prompts)`. Which share of the '
    + 'tokens does it accept if the draft is the model itself?',
  parts: [
    { says: 'no token or one token drafted', points: 3 },
    { says: 'several tokens drafted', points: 3 },
  ],
  observer: 'sampling',
  shown: [
    input('no token drafted', [[LARGE], [], []], 0),
    input('a token that is always accepted', [[LARGE, NEXT], [SMALL], [0]], 0),
    input('a token that is always rejected', [[[0.5, 0.5, 0], NEXT], [SMALL], [2]], 0),
    input(
      'target 50, 30, 20 %; draft 20, 20, 60 %; token 2 drafted',
      [[LARGE, NEXT], [SMALL], [2]],
      0,
      12_000,
    ),
    input('a draft that is as good as the target', [[LARGE, NEXT], [LARGE], [1]], 0),
    input('two tokens drafted, each accepted in one of three cases', [[LARGE, OTHER, NEXT], [
      SMALL,
      [0.2, 0.2, 0.6],
    ], [2, 2]], 1),
    input(
      'three tokens drafted',
      [[LARGE, OTHER, LARGE, NEXT], [SMALL, LARGE, OTHER], [2, 0, 1]],
      1,
    ),
  ],
  hidden: (random) => Array.from({ length: 4 }, () => randomCase(random)),
  agrees: (came, _, asked) =>
    samplesOf(came).repeats
    && follows(countsOf(came), chancesOf((asked as unknown as { values: Values }).values)),
  resembles: (came, ofMistake) =>
    samplesOf(came).repeats === samplesOf(ofMistake).repeats
    && resemble(countsOf(came), countsOf(ofMistake)),
  diagnose: (came, asked) => {
    const [target, , drafted] = (asked as unknown as { values: Values }).values;
    if (!samplesOf(came).repeats) return CHANCE;
    const results = samplesOf(came).outcomes.map(({ result }) => result);
    const strange = results.find((tokens) =>
      !Array.isArray(tokens) || (tokens as number[]).some((id) => target[0]![id] === undefined)
    );
    if (strange)
      return `tokens from 0 to ${target[0]!.length - 1} are wanted, got ${inWords(strange)}`;
    if (results.some(({ length }) => length === 0))
      return 'at least one token always comes out: a replacement, or one more';
    if (results.some(({ length }) => length > drafted.length + 1))
      return 'at most one token more than the drafted ones comes out';
    return results.some((tokens) => tokens.slice(0, -1).some((id, i) => id !== drafted[i]))
      ? 'tokens follow a replacement: it is the last one'
      : undefined;
  },
  inMessage: (came) => {
    const counts = [...countsOf(came)].sort((a, b) => b[1] - a[1]);
    const shown = counts.slice(0, 4).map(([tokens, count]) => `[${tokens}] ${count} times`);
    return shown.join(', ') + (counts.length > 4 ? ', …' : '')
      + (samplesOf(came).repeats ? '' : AGAIN);
  },
  mistakes,
};
