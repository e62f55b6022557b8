/** Mechanical changes to each solution: the check refuses all that make it wrong. */
import { describe, expect, it } from 'vitest';
import { casesOf } from '../../lib/exercises/check';
import { evaluate } from '../../lib/exercises/evaluate';
import type { Exercise } from '../../lib/exercises/exercise';
import { judge } from '../../lib/exercises/judge';
import { observe } from '../../lib/exercises/observe';
import { allExercises } from '../../lib/exercises/tasks/index';
import { mutationsOf } from './mutate';
import { SURVIVORS } from './survivors';

/** A changed solution often never ends. */
const LIMITS = { milliseconds: 2000, bytes: 2 ** 30 };

/** The names of the mutations that the check accepts. */
async function survivorsOf(exercise: Exercise): Promise<string[]> {
  const cases = casesOf(exercise);
  const inputs = cases.map(({ input }) => input);
  const scope = await exercise.scope?.();
  const accepted: string[] = [];
  for (const { name, source } of mutationsOf(exercise.solution)) {
    const answer = await evaluate(source, exercise.name, scope).catch((error: unknown) => error);
    const observation = await observe(exercise.observer, answer, inputs, LIMITS);
    const { state } = await judge(exercise, cases, observation, { causes: false });
    if (state === 'right') accepted.push(name);
  }
  return accepted;
}

describe('changes to the solutions', () => {
  it.each(allExercises.map((exercise) => [exercise.id, exercise] as const))(
    'of %s are refused, but for those that change nothing',
    async (id, exercise) => {
      expect(await survivorsOf(exercise)).toEqual(Object.keys(SURVIVORS[id] ?? {}));
    },
    300_000,
  );

  it('are listed only for exercises that exist, each with its reason', () => {
    const ids = allExercises.map(({ id }) => id);
    expect(Object.keys(SURVIVORS).filter((id) => !ids.includes(id))).toEqual([]);
    const reasons = Object.values(SURVIVORS).flatMap((ofOne) => Object.values(ofOne));
    expect(reasons.filter((reason) => reason.length < 20)).toEqual([]);
  });
});
