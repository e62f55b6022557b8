import { join } from 'node:path';
import type { Random } from '../../../base/random';
import { readText } from '../../../base/text-file';
import type { Case, Exercise } from '../../exercise';

/** For one seed the entropy floor, and the loss curve of each bug; see data/loss-curves. */
type Run = Record<string, number[]> & { readonly floor: number };

const BUGS = ['none', 'no mask', 'not shifted', 'shifted twice', 'rate too large'];
const [SHOWN, ...HIDDEN] = JSON.parse(readText(join(__dirname, 'loss-curves.json'))) as Run[];

/** The bugs of the curves A to E. */
const ORDER = ['shifted twice', 'no mask', 'rate too large', 'none', 'not shifted'];
const LETTERS = ['A', 'B', 'C', 'D', 'E'];
const { floor: FLOOR } = SHOWN!;

/** Bugs whose curves end below the floor. */
const BELOW = ['no mask', 'not shifted'];

const CURVES: Record<string, number[]> = Object.fromEntries(
  LETTERS.map((letter, n) => [letter, SHOWN![ORDER[n]!]!]),
);

/** The curves as the source of an object. */
const curvesSource = LETTERS.map((letter) => `  ${letter}: [${CURVES[letter]!.join(', ')}],`)
  .join('\n');

const TYPE = "type Bug = 'none' | 'no mask' | 'not shifted' | 'shifted twice' | 'rate too large';";

/** An answer with this body. */
const answer = (body: string): string =>
  `${TYPE}

function nameBug(losses: number[], floor: number): Bug {
${body}
}`;

/** The rules of the solution, with a different name for some bugs. */
function rules(names: Record<string, string> = {}): string {
  const name = (bug: string): string => `'${names[bug] ?? bug}'`;
  return answer(`  const last = losses[losses.length - 1];
  if (last < 0.05) return ${name('not shifted')};
  if (last < floor - 0.2) return ${name('no mask')};
  if (last < floor + 0.25) return ${name('none')};
  return last < 2 ? ${name('shifted twice')} : ${name('rate too large')};`);
}

const solution = rules();

/** All curves of a run, in random order. */
const ofOtherSeed = (random: Random, run: Run): Case[] =>
  random.shuffle(BUGS).map((bug) => ({ input: [run[bug]!, run.floor], part: 2,
    says: `a curve of a different seed, which ends at ${run[bug]!.at(-1)}` })
  );

export const nameBug: Exercise = {
  id: '16.2.4',
  name: 'nameBug',
  cell: 'name-bug',
  title: 'The detective of curves',
  minutes: 20,
  difficulty: 'hard',
  statement:
    'Five trainings of the same model ran for 200 steps. One has no bug. One has no causal '
    + 'mask. In one the targets are not shifted: each position is asked for the word that it '
    + 'reads. In one they are shifted twice: it is asked for the word after the next one. In one '
    + 'the learning rate is 30 times as large. The cells below the stub show their losses, A to E, '
    + 'each number the mean of twenty steps, and the entropy floor.\n\nWhich is which? *Predict '
    + 'first: sketch the five curves.* Then write `nameBug`: it takes such a curve and the floor, '
    + 'and returns the bug. It must also hold for the same trainings from other seeds, whose '
    + 'losses differ a little.',
  stub: answer(`  return 'none'; // your code`),
  look: [
    {
      id: 'five-curves',
      source: `const curveFloor = ${FLOOR};
const fiveCurves = {
${curvesSource}
};`,
    },
    {
      id: 'plot-five-curves',
      source: `const ends = Array.from({ length: 10 }, (_, n) => 20 * (n + 1));
const dashes = ['solid', 'dash', 'dot'] as const;
const asLines = Object.entries(fiveCurves).map(([name, y], n): LineSeries => {
  return { name, y, x: ends, color: n < 3 ? 'training' : 'muted', dash: dashes[n % 3] };
});
show(lines(asLines, { title: 'Five trainings, one without a bug', xTitle: 'step',
  yTitle: 'mean loss of 20 steps (nats)',
  references: [{ name: 'entropy floor', value: curveFloor }] }));
for (const [name, losses] of Object.entries(fiveCurves))
  console.log(name, nameBug(losses, curveFloor));`,
    },
  ],
  solution,
  others: [
    {
      says: 'by when and whether the curve falls through the floor',
      source: answer(`  const below = losses.findIndex((loss) => loss < floor - 0.1);
  if (below >= 0) return below < 3 ? 'not shifted' : 'no mask';
  const end = (losses[8] + losses[9]) / 2;
  if (end > 2.5) return 'rate too large';
  return end - floor < 0.3 ? 'none' : 'shifted twice';`),
    },
    {
      says: 'the curve among the five that is nearest, once their bugs are known',
      source: answer(`  const known: [number[], Bug][] = [[fiveCurves.A, 'shifted twice'],
    [fiveCurves.B, 'no mask'], [fiveCurves.C, 'rate too large'],
    [fiveCurves.D, 'none'], [fiveCurves.E, 'not shifted']];
  const far = (curve: number[]) =>
    curve.reduce((sum, loss, n) => sum + Math.abs(loss - losses[n]), 0);
  known.sort(([one], [two]) => far(one) - far(two));
  return known[0][1];`),
    },
  ],
  hints: [
    'No honest model ends below the floor. Two of these trainings let the model see its answer. '
    + 'Which two, and for which of them is it easier to learn?',
    'To copy its own input, a position needs no other position: that is learned in a few dozen '
    + 'steps, and perfectly. Without the mask a head must first learn to look one to the right, '
    + 'and at the last position there is nothing to see.',
    'Above the floor: the word after the next one is less certain than the next one, so that curve '
    + 'falls smoothly to a higher end. With too large a rate the model hardly learns.',
    'Compare the last number of a curve with 0.05, with the floor, and with 2.',
  ],
  right: 'the five curves, and those of other seeds in a different order',
  explore: 'train the model of the section *Training without the mask* with learningRate 0.1: what '
    + 'does nameBug(honestLosses, floor) say?',
  parts: [
    { says: 'the curves above the floor', points: 2 },
    { says: 'the curves that fall through it', points: 2 },
    { says: 'other seeds', points: 2 },
  ],
  observer: 'call',
  shown: LETTERS.map((letter, n) => ({ input: [CURVES[letter]!, FLOOR],
    part: BELOW.includes(ORDER[n]!) ? 1 : 0, says: `curve ${letter}` })
  ),
  hidden: (random) => random.shuffle(HIDDEN).slice(0, 2).flatMap((run) => ofOtherSeed(random, run)),
  tellsWanted: false,
  diagnose: (came, input) => {
    const [losses, floor] = input as unknown as [number[], number];
    const isBelow = losses.at(-1)! < floor - 0.2;
    if (!BUGS.includes(came as string)) return `the result must be one of: ${BUGS.join(', ')}`;
    if (isBelow === BELOW.includes(came as string)) return undefined;
    return isBelow
      ? 'this curve ends far below the floor: that model has seen its answer'
      : 'this curve does not fall through the floor: that model has not seen its answer';
  },
  mistakes: [
    {
      says: 'no mask and not shifted are swapped: which of them is learned faster, and to the end?',
      source: rules({ 'no mask': 'not shifted', 'not shifted': 'no mask' }),
    },
    {
      says: 'the targets that are shifted twice count as no bug: that curve falls like the right '
        + 'one, but ends well above the floor',
      source: rules({ 'shifted twice': 'none' }),
    },
    {
      says: 'the right training and the one that is shifted twice are swapped: the right one comes '
        + 'down to the floor, which the other one cannot',
      source: rules({ 'shifted twice': 'none', none: 'shifted twice' }),
    },
    {
      says: 'shifted twice and rate too large are swapped: with a bug in the data the curve still '
        + 'falls smoothly, to an end of its own',
      source: rules({ 'shifted twice': 'rate too large', 'rate too large': 'shifted twice' }),
    },
    {
      says: 'every curve below the floor counts as no mask: two bugs let the model see its answer',
      source: rules({ 'not shifted': 'no mask' }),
    },
    {
      says: 'every curve below the floor counts as not shifted: two bugs let the model see its '
        + 'answer',
      source: rules({ 'no mask': 'not shifted' }),
    },
    {
      says: 'the lowest curves count as right: no honest model ends below the floor',
      source: rules({ 'not shifted': 'none', none: 'shifted twice',
        'shifted twice': 'rate too large' }),
    },
    {
      says: 'the right training and the one without the mask are swapped: without it the curve '
        + 'falls through the floor',
      source: rules({ 'no mask': 'none', none: 'no mask' }),
    },
    {
      says: 'every curve above the floor that is not the right one counts as a rate too large',
      source: rules({ 'shifted twice': 'rate too large' }),
    },
    {
      says:
        'the five curves are known by heart, and those of other seeds are not: compare with the '
        + 'floor instead',
      source: answer(
        `  const same = (curve: number[]) => curve.every((loss, n) => loss === losses[n]);
  if (same(fiveCurves.A)) return 'shifted twice';
  if (same(fiveCurves.B)) return 'no mask';
  if (same(fiveCurves.C)) return 'rate too large';
  return same(fiveCurves.E) ? 'not shifted' : 'none';`,
      ),
    },
  ],
  scope: () => ({ fiveCurves: CURVES }),
};
