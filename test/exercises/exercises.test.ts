/** Each exercise against its own answers: the stub, the solutions, and the planted mistakes. */
import ts from 'typescript';
import { describe, expect, it, vi } from 'vitest';
import { casesOf } from '../../lib/exercises/check';
import { evaluate } from '../../lib/exercises/evaluate';
import { type Exercise, pointsOf } from '../../lib/exercises/exercise';
import { judge, type Verdict } from '../../lib/exercises/judge';
import { observe } from '../../lib/exercises/observe';
import { allExercises } from '../../lib/exercises/tasks/index';

// twenty seeds of an exercise that runs the model take half a minute on a busy machine
vi.setConfig({ testTimeout: 300_000 });

/** Seeds of the hidden inputs on which right answers are tried. */
const SEEDS = Array.from({ length: 20 }, (_, i) => 1000 + 7 * i);

/** The cases of a notebook: for one list of cases a judge tries each planted mistake once. */
const ofNotebook = new Map(allExercises.map((exercise) => [exercise.id, casesOf(exercise)]));

/** Marks the answer of a cell with this source. */
async function marked(exercise: Exercise, source: string, seed?: number): Promise<Verdict> {
  // most of the rest awaits only resolved promises, and Vitest wants to hear from a worker
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  const cases = seed === undefined ? ofNotebook.get(exercise.id)! : casesOf(exercise, seed);
  const answer = await evaluate(source, exercise.name, await exercise.scope?.());
  const inputs = cases.map(({ input }) => input);
  return judge(exercise, cases, await observe(exercise.observer, answer, inputs));
}

describe('the exercises', () => {
  it('are at least 30, with three or more in each of 16.1 to 16.8 and a hard one in each', () => {
    expect(allExercises.length).toBeGreaterThanOrEqual(30);
    for (let n = 1; n <= 8; n++) {
      const own = allExercises.filter(({ id }) => id.startsWith(`16.${n}.`));
      expect(own.length, `exercises of 16.${n}`).toBeGreaterThanOrEqual(3);
      expect(own.map(({ difficulty }) => difficulty), `16.${n}`).toContain('hard');
    }
  });

  it('have ids in order, and cells of their own', () => {
    const ids = allExercises.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    const cells = allExercises.map(({ id, cell }) => `${id.slice(0, 4)} ${cell}`);
    expect(new Set(cells).size).toBe(cells.length);
  });
});

describe.each(allExercises.map((exercise) => [exercise.id, exercise] as const))(
  '%s',
  (_, exercise) => {
    it('has two to four hints, two other solutions, three mistakes, and points', () => {
      expect(exercise.hints.length).toBeGreaterThanOrEqual(2);
      expect(exercise.hints.length).toBeLessThanOrEqual(4);
      expect(exercise.others.length).toBeGreaterThanOrEqual(2);
      expect(exercise.mistakes.length).toBeGreaterThanOrEqual(3);
      expect(pointsOf(exercise)).toBeGreaterThan(0);
      for (const [n] of exercise.parts.entries())
        expect(casesOf(exercise).some(({ part = 0 }) => part === n), `a case of part ${n}`).toBe(
          true,
        );
    });

    it('has sources without a line over 88 columns', () => {
      const sources = [
        exercise.stub,
        exercise.solution,
        ...exercise.others.map((one) => one.source),
      ];
      const lines = sources.flatMap((source) => source.split('\n'));
      expect(lines.filter((line) => line.length > 88)).toEqual([]);
    });

    it('states the type of its result in the stub, if a given cell uses it', () => {
      const { name, stub, look = [] } = exercise;
      const file = ts.createSourceFile('stub.ts', stub, ts.ScriptTarget.Latest, true);
      const own = file.statements.filter(ts.isFunctionDeclaration)
        .filter((one) => one.name?.text === name);
      // else a result of a different type is an error of the given cell
      const isUsed = look.some(({ source }) => source.includes(`${name}(`));
      if (isUsed) expect(own.map(({ type }) => type?.getText())).toEqual([expect.any(String)]);
    });

    it('says of the stub that it is not attempted, with no points', async () => {
      expect(await marked(exercise, exercise.stub)).toMatchObject({ state: 'open', points: 0 });
    });

    const right = [{ says: 'the solution', source: exercise.solution }, ...exercise.others];
    it.each(right)('accepts, for 20 seeds: $says', async ({ source }) => {
      for (const seed of SEEDS) {
        const verdict = await marked(exercise, source, seed);
        expect(verdict, `seed ${seed}`).toMatchObject({ state: 'right',
          points: pointsOf(exercise) });
      }
    });

    it.each(exercise.mistakes)('names the mistake: $says', async ({ says, source }) => {
      const verdict = await marked({ ...exercise, tellsWanted: true }, source);
      expect(verdict).toMatchObject({ state: 'wrong', causes: [says] });
      expect(verdict.points).toBeLessThan(pointsOf(exercise));
      // what is shown is not what the solution gives, in words of the exercise
      const { came, wanted } = verdict.failure!;
      expect(came).not.toBe(wanted);
      expect(came).not.toMatch(/ \([.[][\w\].[]*: /);
      if (says.startsWith('the same seed')) expect(came).toContain('with the same seed again');
    });
  },
);
