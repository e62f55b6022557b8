/** Observations that a student's kernel made up, as far as it can know what is asked. */
import { expect, it } from 'vitest';
import { casesOf } from '../../lib/exercises/check';
import { evaluate } from '../../lib/exercises/evaluate';
import { judge } from '../../lib/exercises/judge';
import { observe, type Outcome } from '../../lib/exercises/observe';
import type { PlainData } from '../../lib/exercises/plain';
import { allExercises, findExercise } from '../../lib/exercises/tasks/index';

const forged = (value: PlainData, count: number): Outcome[] =>
  Array.from({ length: count }, () => ({ ended: 'returned', value }));

/** Results that claim to be right without being computed from the input. */
const CLAIMS: readonly PlainData[] = [
  { whole: 0, cached: 0 },
  { whole: 0, cached: 0, batches: [], batch: { inputIds: [], attentionMask: [], positionIds: [] } },
  'right',
  { state: 'right', points: 4, of: 4 },
  { length: 3 },
  null,
  undefined,
];

it.each(allExercises.map(({ id }) => id))('%s gives no point for a claim', async (id) => {
  const exercise = findExercise(id);
  const cases = casesOf(exercise, 99);
  for (const claim of CLAIMS)
    expect(await judge(exercise, cases, forged(claim, cases.length)), JSON.stringify(claim))
      .toMatchObject({ points: 0 });
}, 120_000);

const observed = allExercises.filter(({ observer }) => observer !== 'value');

it.each(observed.map(({ id }) => id))('%s gives no point for one result, repeated', async (id) => {
  const exercise = findExercise(id);
  const cases = casesOf(exercise, 99);
  const answer = await evaluate(exercise.solution, exercise.name, await exercise.scope?.());
  const [outcome] = await observe(exercise.observer, answer, [cases[0]!.input]);
  const repeated = cases.map(() => outcome!);
  expect(await judge(exercise, cases, repeated)).toMatchObject({ points: 0 });
}, 120_000);
