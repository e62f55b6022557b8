/** The shipped bugs that an exercise is about. */
import { describe, expect, it } from 'vitest';
import { BUGS_WITH_EXERCISE, exercisesOn } from '../../lib/exercises/bug-exercises';
import { samplerWith, SUSPECTS, suspectSampler } from '../../lib/exercises/suspect-samplers';
import { allExercises } from '../../lib/exercises/tasks/index';
import { SHIPPED_BUGS } from '../../lib/experiments/shipped-bugs';

describe('the exercises on shipped bugs', () => {
  it('are on at least eight bugs of the list, and are there', () => {
    expect(BUGS_WITH_EXERCISE.length).toBeGreaterThanOrEqual(8);
    const bugs = SHIPPED_BUGS.map(({ bug }) => bug);
    expect(BUGS_WITH_EXERCISE.filter((bug) => !bugs.includes(bug))).toEqual([]);
    const ids = allExercises.map(({ id }) => id);
    expect(BUGS_WITH_EXERCISE.flatMap(exercisesOn).filter((id) => !ids.includes(id))).toEqual([]);
    expect(exercisesOn('no such bug')).toEqual([]);
  });
});

describe('the samplers to be judged', () => {
  const logits = [2, 1, 0, -1]; // shares of 64, 24, 9 and 3 %
  const shares = (letter: string): number[] =>
    suspectSampler(letter)(logits, { topP: 0.8, temperature: 3, repetitionPenalty: 2 }, [3], []);

  it('are six with six different faults, and sum to 1', () => {
    expect(new Set(SUSPECTS.map(([, fault]) => fault)).size).toBe(6);
    for (const [letter] of SUSPECTS)
      expect(shares(letter).reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    expect(() => suspectSampler('G')).toThrow('the letter must be one of A, B, C, D, E, F');
  });

  it('do what their faults say', () => {
    const of = (fault: Parameters<typeof samplerWith>[0], isOther = false) =>
      samplerWith(fault, isOther);
    const kept = (all: number[]): number => all.filter((share) => share > 0).length;
    expect(kept(of('none')(logits, { topP: 0.8 }, [], []))).toBe(2);
    expect(kept(of('crossing token')(logits, { topP: 0.8 }, [], []))).toBe(1);
    expect(kept(of('crossing token')(logits, { topP: 0.5 }, [], []))).toBe(1);
    expect(kept(of('crossing token', true)(logits, { topP: 0.5 }, [], []))).toBe(0);
    expect(kept(of('none')(logits, { topP: 0.8, temperature: 3 }, [], []))).toBe(3);
    expect(kept(of('order')(logits, { topP: 0.8, temperature: 3 }, [], []))).toBe(2);
    expect(of('none')(logits, { temperature: 0 }, [], [])).toEqual([1, 0, 0, 0]);
    expect(of('temperature 0')(logits, { temperature: 0 }, [], [])).toEqual(logits.map(() => NaN));
    expect(of('temperature 0', true)(logits, { temperature: 0 }, [], [])[0]).toBeCloseTo(0.644, 3);
    const last = (fault: Parameters<typeof samplerWith>[0], penalty: number): number =>
      of(fault)(logits, { repetitionPenalty: penalty }, [3], [])[3]!;
    expect(last('none', 2)).toBeLessThan(last('none', 1));
    expect(last('sign', 2)).toBeGreaterThan(last('sign', 1));
    expect(last('prompt', 2)).toBe(last('prompt', 1));
  });
});
