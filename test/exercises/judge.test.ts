/** What a judge says, on an exercise that is small enough to see it. */
import { expect, it } from 'vitest';
import type { Exercise } from '../../lib/exercises/exercise';
import { judge, type Verdict } from '../../lib/exercises/judge';
import { observe } from '../../lib/exercises/observe';
import { verdictLine, verdictText } from '../../lib/exercises/verdict-text';

const exercise: Exercise = {
  id: '0.0.1',
  name: 'twice',
  cell: 'twice',
  title: 'Twice',
  minutes: 1,
  difficulty: 'easy',
  statement: 'Double a number.',
  stub: 'const twice = (n: number) => n;',
  solution: 'const twice = (n: number) => 2 * n;',
  others: [],
  hints: [],
  right: 'two numbers',
  explore: 'three times',
  parts: [{ says: 'two', points: 1 }, { says: 'three', points: 2 }],
  observer: 'call',
  shown: [{ input: [2] }, { input: [3], part: 1 }],
  diagnose: (came) => came === -1 ? 'minus one is never the double' : undefined,
  mistakes: [
    { says: 'it adds 7', source: 'const twice = (n: number) => n + 7;' },
    { says: 'it adds 7 to small numbers',
      source: 'const twice = (n: number) => n > 9 ? 0 : n + 7;' },
    { says: 'it squares', source: 'const twice = (n: number) => n * n;' },
  ],
};

const judged = async (answer: unknown): Promise<Verdict> =>
  judge(
    exercise,
    exercise.shown,
    await observe('call', answer, exercise.shown.map((one) => one.input)),
  );

it('names all mistakes that fit, where the inputs cannot tell them apart', async () => {
  const verdict = await judged((n: number) => n + 7);
  expect(verdict.causes).toEqual(['it adds 7', 'it adds 7 to small numbers']);
  expect(verdictLine(exercise, verdict)).toBe(
    '0 of 3 points: not yet: its results fit 2 mistakes: it adds 7; or it adds 7 to small numbers',
  );
});

it('names no mistake that fits on some inputs only, and shows the first failure', async () => {
  const verdict = await judged((n: number) => n === 3 ? 9 : 1);
  expect(verdict.causes).toEqual([]);
  expect(verdictText(exercise, verdict)).toBe(
    'not yet: the result is wrong\n  on      twice(2)\n  got     1\n  wanted  4\n'
      + "  await hint('0.0.1') gives a hint",
  );
});

it('says once that it works, if the search for the mistake takes its time', async () => {
  const wait = 'const twice = (n: number) => { const t = Date.now(); while (Date.now() - t < 300); '
    + 'return 0; };';
  const slow = { ...exercise, mistakes: ['a', 'b', 'c'].map((says) => ({ says, source: wait })) };
  const inputs = exercise.shown.map((one) => one.input);
  for (const [answer, times] of [[() => 1, 1], [(n: number) => 2 * n, 0]] as const) {
    let said = 0;
    const came = await observe('call', answer, inputs);
    await judge(slow, exercise.shown, came, { onSlow: () => said++ });
    expect(said).toBe(times);
  }
});

it('says what is certain where no mistake fits', async () => {
  expect((await judged(() => -1)).causes).toEqual(['minus one is never the double']);
});

it('gives the points of each part', async () => {
  const verdict = await judged((n: number) => n === 3 ? 6 : 0);
  expect([verdict.points, verdict.of, verdict.parts.map(({ points }) => points)]).toEqual([2, 3, [
    0,
    2,
  ]]);
  expect(verdictText(exercise, verdict)).toContain('right so far: three');
});

it.each([
  ['it throws an error', () => JSON.parse('{') as unknown],
  ['it gives a promise', () => Promise.resolve(4)],
  ['it is no function', 4],
  ['it does not end within 5 s', () => {
    for (;;);
  }],
])('says "%s"', async (says, answer) => {
  expect(verdictLine(exercise, await judged(answer))).toBe(`0 of 3 points: not yet: ${says}`);
});

it('notes that a right answer changes what it is given', async () => {
  const list: Exercise = { ...exercise, shown: [{ input: [[1, 2]] }],
    parts: [{ says: '', points: 1 }],
    solution: 'const twice = (all: number[]) => all.map((n) => 2 * n);' };
  const came = await observe('call', (all: number[]) => {
    all.forEach((n, i) => all[i] = 2 * n);
    return all;
  }, [[[1, 2]]]);
  const verdict = await judge(list, list.shown, came);
  expect(verdict.state).toBe('right');
  expect(verdictText(list, verdict)).toContain('note: it changes an array or object');
});

it('shows where a result differs, if its rounded or shortened form does not show it', async () => {
  const long = Array.from({ length: 105 }, (_, id) => id / 7);
  const solution = 'const twice = (n) => n === 2 ? 2 / 3 : list();';
  const other: Exercise = { ...exercise, solution, scope: () => ({ list: () => [...long] }) };
  const shown = async (answer: unknown): Promise<string> => {
    const cases = [...exercise.shown];
    const came = await observe('call', answer, cases.map(({ input }) => input));
    return verdictText(other, await judge(other, cases, came));
  };
  expect(await shown((n: number) => n === 2 ? 0.66667 : [...long])).toContain(
    '  got     0.6667 (0.66667)\n  wanted  0.6667 (0.666666667)\n',
  );
  const off = long.map((value, id) => id === 70 ? value + 1 : value);
  const text = await shown((n: number) => n === 2 ? 2 / 3 : off);
  expect(text).toMatch(/ {2}got {5}\[0, .*… \(\[70\]: 11\)\n {2}wanted .*… \(\[70\]: 10\)\n/);
});

it('names a mistake whose error has different numbers at every run', async () => {
  const throws: Exercise = { ...exercise,
    mistakes: [{ says: 'it reads beyond the end',
      source: 'const twice = () => { throw new RangeError(`no token ${Math.random()}`); };' }] };
  const came = await observe('call', () => {
    throw new RangeError('no token undefined');
  }, exercise.shown.map(({ input }) => input));
  expect((await judge(throws, exercise.shown, came)).causes).toEqual(['it reads beyond the end']);
});
