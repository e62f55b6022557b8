import { describe, expect, it } from 'vitest';
import { QUESTIONS } from '../../lib/exercises/questions';
import { ask, mark, report } from '../../lib/exercises/self-test';

const letters = ['a', 'b', 'c', 'd'] as const;

describe('the questions', () => {
  it('are at least twelve, with different names, and cover the chapter from 16.1 to 16.8', () => {
    expect(QUESTIONS.length).toBeGreaterThanOrEqual(12);
    expect(new Set(QUESTIONS.map((question) => question.name)).size).toBe(QUESTIONS.length);
    const sections = new Set(
      QUESTIONS.map((question) => question.section.split('.').slice(0, 2).join('.')),
    );
    expect([...sections].sort()).toEqual([
      '16.1',
      '16.2',
      '16.3',
      '16.4',
      '16.5',
      '16.6',
      '16.7',
      '16.8',
    ]);
  });

  it('have four different choices, each with a different reply', () => {
    for (const { choices } of QUESTIONS) {
      expect(Object.keys(choices)).toEqual(letters);
      for (const part of [0, 1])
        expect(new Set(letters.map((letter) => choices[letter][part])).size).toBe(4);
    }
  });

  it('cannot be passed with one letter for all, or by repeating a pattern', () => {
    for (const letter of letters) {
      const share = QUESTIONS.filter((question) => question.right === letter).length
        / QUESTIONS.length;
      expect(share).toBeGreaterThan(0.1);
      expect(share).toBeLessThan(0.4);
    }
    for (let period = 1; period <= 8; period++) {
      const guessed = QUESTIONS.slice(period).filter(({ right }, i) =>
        right === QUESTIONS[i]!.right
      ).length;
      expect(guessed / (QUESTIONS.length - period), `letters repeated after ${period}`)
        .toBeLessThan(0.6);
    }
  });

  it('are in the order of their sections', () => {
    const chapters = QUESTIONS.map(({ section }) => Number(section.split('.')[1]));
    expect(chapters).toEqual([...chapters].sort((a, b) => a - b));
  });
});

describe('marking', () => {
  it('distinguishes right, wrong and open, and names the section of a wrong answer', () => {
    const marks = mark({ shiftedPair: ' B ', noMask: 'a', cache: '' });
    expect(marks.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'shiftedPair right',
      'noMask wrong',
      'cache open',
    ]);
    const [right, wrong, open] = report(marks).split('\n');
    expect(right).toMatch(/^right: shiftedPair\. /);
    expect(wrong).toMatch(/^not yet: noMask\. .* Look again at 16\.2\.3\.$/);
    expect(open).toBe('open: cache. no answer yet');
  });

  it('accepts exactly one letter for each question', () => {
    for (const { name, right } of QUESTIONS) {
      expect(letters.filter((letter) => mark({ [name]: letter })[0]?.state === 'right')).toEqual([
        right,
      ]);
    }
  });

  it('never reveals the right letter or its reply after a wrong answer', () => {
    for (const { name, right, choices } of QUESTIONS) {
      for (const letter of letters.filter((each) => each !== right)) {
        const [wrong] = mark({ [name]: letter });
        expect(wrong?.reply).not.toContain(choices[right][1]);
        expect(wrong?.reply).not.toMatch(new RegExp(`\\b(answer|choice) (is )?${right}\\b`));
      }
    }
  });

  it.each(['c', 'C', ' C ', 'c)', '(c)', '( C )', 'c.'])('counts %j as c', (given) => {
    expect(mark({ cache: given })[0]?.state).toBe('right'); // c
    expect(mark({ twoEnds: given })[0]?.state).toBe('right'); // c
    expect(mark({ oneStep: given })[0]?.state).toBe('wrong'); // a
  });

  it.each([
    ['e', '"e"'],
    ['cc', '"cc"'],
    ['a or c', '"a or c"'],
    ['()', '"()"'],
    [3, '3'],
    [undefined, 'undefined'],
    [null, 'null'],
    [Symbol('c'), 'Symbol(c)'],
  ])(
    'says of %s that it is not a letter from a to d, and marks the other answers',
    (given, said) => {
      const marks = mark({ oneStep: 'a', cache: given, twoEnds: 'b' });
      expect(marks.map(({ state }) => state)).toEqual(['right', 'open', 'wrong']);
      expect(report(marks).split('\n')[1]).toBe(
        `open: cache. the answer must be a, b, c or d, got ${said}`,
      );
    },
  );

  it('refuses unknown questions', () => {
    expect(() => mark({ nothing: 'a' })).toThrow(
      'unknown question nothing; known are coreDifference, shiftedPair',
    );
    expect(() => ask('nothing')).toThrow('unknown question nothing');
  });
});

it('a question is printed with its choices, one a line, and without its answer', () => {
  expect(ask('shiftedPair')).toBe([
    'shiftedPair: The text is "The agent opened a pull request for". '
    + 'What is the target at the position of "request"?',
    '  a  "request"',
    '  b  "for"',
    '  c  "pull"',
    '  d  none, since it is the prompt',
  ].join('\n'));
});
