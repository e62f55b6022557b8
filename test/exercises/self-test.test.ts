import { describe, expect, it } from 'vitest';
import { findNotebooks, isCode, readNotebook, textOf } from '../../lib/course/notebooks/notebook';
import { QUESTIONS } from '../../lib/exercises/questions/index';
import { SECTIONS, titled } from '../../lib/exercises/sections';
import { ask, mark, readAgain, report } from '../../lib/exercises/self-test';

const letters = ['a', 'b', 'c', 'd'] as const;

describe('the questions', () => {
  it('are at least 25, with different names, three to five on each of 16.0 to 16.8', () => {
    expect(QUESTIONS.length).toBeGreaterThanOrEqual(25);
    expect(new Set(QUESTIONS.map((question) => question.name)).size).toBe(QUESTIONS.length);
    for (let n = 0; n <= 8; n++) {
      const own = QUESTIONS.filter(({ section }) => section.startsWith(`16.${n}.`));
      expect([3, 4, 5], `questions on 16.${n}`).toContain(own.length);
    }
  });

  it('point to headings that the notebooks have, by number and title', () => {
    const headings = findNotebooks().flatMap((path) =>
      readNotebook(path).cells.filter((cell) => !isCode(cell)).flatMap(({ source }) =>
        [...textOf(source).matchAll(/^#+ (16\.\d\.\d+ .*)$/gm)].map(([, heading]) => heading)
      )
    );
    const pointers = [...new Set(QUESTIONS.map(({ section }) => titled(section)))];
    expect(pointers.filter((pointer) => !headings.includes(pointer))).toEqual([]);
    expect(
      Object.keys(SECTIONS).filter((section) =>
        !QUESTIONS.some((question) => question.section === section)
      ),
    ).toEqual([]);
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
    expect(wrong).toMatch(/^not yet: noMask\. .* Look again at 16\.2\.3 The causal mask\.$/);
    expect(open).toBe('open: cache. no answer yet');
  });

  it('lists what to read again, each section once', () => {
    const marks = mark({ noMask: 'a', shiftedPair: 'b', twoEnds: '', lastPosition: 'a' });
    expect(readAgain(marks)).toBe('16.2.3 The causal mask\n16.4.2 Five mistakes');
    expect(readAgain(mark({ shiftedPair: 'b' }))).toBe('');
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
      'unknown question nothing; known are attentionShares, sameStates',
    );
    expect(() => ask('nothing')).toThrow('unknown question nothing');
  });
});

it('all questions on a notebook are printed by its number, in their order', () => {
  const names = QUESTIONS.filter(({ section }) => section.startsWith('16.5.')).map(({ name }) =>
    name
  );
  expect(ask('16.5')).toBe(ask(...names));
  expect(ask('16.5', '16.6').startsWith(`${ask('16.5')}\n\n`)).toBe(true);
  expect(() => ask('16.')).toThrow('unknown question 16.');
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
