/** Predictions: what a reader commits before looking, what it is held against, and their file. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PREDICTIONS_FILE } from '../../lib/base/paths';
import { findNotebooks, isCode, readNotebook, textOf } from '../../lib/course/notebooks/notebook';
import { NUMBER_QUESTIONS } from '../../lib/exercises/number-questions';
import { came, predict, predictionCounts, predictionsInWords } from '../../lib/exercises/predict';

/** A learner's own file is put aside meanwhile. */
const ASIDE = `${PREDICTIONS_FILE}.aside`;
beforeAll(() => {
  mkdirSync(dirname(PREDICTIONS_FILE), { recursive: true });
  if (existsSync(PREDICTIONS_FILE)) renameSync(PREDICTIONS_FILE, ASIDE);
});
afterAll(() => {
  rmSync(PREDICTIONS_FILE, { force: true });
  if (existsSync(ASIDE)) renameSync(ASIDE, PREDICTIONS_FILE);
});

let said: string[] = [];
beforeEach(() => {
  rmSync(PREDICTIONS_FILE, { force: true });
  said = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const kept = (): unknown => JSON.parse(readFileSync(PREDICTIONS_FILE, 'utf8'));

describe('a prediction', () => {
  it('that is empty prints the same on every machine, and leaves no file', () => {
    predict('16.1 passes', '');
    came('16.1 passes', 7);
    const first = [...said];
    expect(first[1]).toBe('came: 7');
    expect(existsSync(PREDICTIONS_FILE)).toBe(false);
    writeFileSync(PREDICTIONS_FILE, '{"16.1 passes":[{"said":"8","came":"7"}]}');
    predict('16.1 passes', '');
    came('16.1 passes', 7);
    expect(said.slice(2)).toEqual(first);
    expect(kept()).toEqual({ '16.1 passes': [{ said: '8', came: '7' }] });
  });

  it('is held against what comes, as a number or as words', () => {
    predict('16.1 passes', 8);
    came('16.1 passes', 7);
    predict('16.1 loss', ' Lower. ');
    came('16.1 loss', 'lower');
    predict('16.1 texts', '100 texts');
    came('16.1 texts', 122);
    predict('16.1 loss', 'higher');
    came('16.1 loss', 'lower');
    predict('16.6.1 tokens read', '1,275');
    came('16.6.1 tokens read', 1275);
    expect(said.filter((_, i) => i % 2 === 1)).toEqual([
      'predicted: 8; came: 7, 1 less than predicted',
      'predicted: Lower.; came: lower, as predicted',
      'predicted: 100 texts; came: 122, 22 more than predicted',
      'predicted: higher; came: lower',
      'predicted: 1,275; came: 1275, as predicted',
    ]);
    expect(predictionCounts()).toEqual({ made: 4, right: 2 }); // the first to each question
  });

  it('stays once its result was seen: a later answer is kept beside it, and says so', () => {
    predict('16.1 loss', 'higher');
    predict('16.1 loss', 'the same'); // changed before looking: that one counts
    came('16.1 loss', 'lower');
    predict('16.1 loss', 'lower');
    expect(said.at(-1)).toBe('predicted: lower (before, you predicted the same, and lower came)');
    came('16.1 loss', 'lower');
    predict('16.1 loss', 'lower'); // all cells run again
    came('16.1 loss', 'lower');
    expect(said.at(-1)).toBe('predicted: lower; came: lower, as predicted');
    expect(kept()).toEqual({
      '16.1 loss': [{ said: 'the same', came: 'lower' }, { said: 'lower', came: 'lower' }],
    });
  });

  it('is not kept where a program runs the notebook', () => {
    vi.stubEnv('COURSE_COMPARE', 'off');
    predict('16.1 loss', 'lower');
    came('16.1 loss', 'lower');
    expect(said).toHaveLength(2);
    expect(existsSync(PREDICTIONS_FILE)).toBe(false);
  });

  it.each(['null', '[]', '{"16.1 loss":3}', '{"16.1 loss":[{"said":4}]}', '{"16.1', ''])(
    'goes on with a damaged file: %s',
    (text) => {
      writeFileSync(PREDICTIONS_FILE, text);
      predict('16.1 loss', 'lower');
      came('16.1 loss', 'lower');
      expect(kept()).toEqual({ '16.1 loss': [{ said: 'lower', came: 'lower' }] });
    },
  );

  it('that has no number is not kept where the notebook asks for one, and the cell says so', () => {
    predict('16.6 tokens read', 'many');
    expect(said).toEqual([
      "not kept: a number is asked for here, such as predict('16.6 tokens read', 12)",
    ]);
    expect(existsSync(PREDICTIONS_FILE)).toBe(false);
    predict('16.6 tokens read', '9 tokens');
    came('16.6 tokens read', 9);
    expect(said.at(-1)).toBe('predicted: 9 tokens; came: 9, as predicted');
  });

  it.each(['2 or 3', '1/2', '0,5', 'two'])('that is no one number is not kept: %s', (text) => {
    predict('16.6 tokens read', 7);
    predict('16.6 tokens read', text);
    came('16.6 tokens read', 2);
    expect(said.slice(1)).toEqual([expect.stringMatching(/^not kept: a number/), 'came: 2']);
  });

  it.each([['~50 %', 50], ['about 3', 3], ['≈ 2.5', 2.5], ['-4', -4]])(
    'may be about a number: %s',
    (text, value) => {
      predict('16.6 tokens read', text);
      came('16.6 tokens read', value);
      expect(said.at(-1)).toContain(', as predicted');
    },
  );

  it('has a name with or without its hyphen', () => {
    predict('16.7 most different texts', 'Top k');
    came('16.7 most different texts', 'top-k');
    expect(said.at(-1)).toContain(', as predicted');
  });

  it('asks for a number exactly where a number comes in the notebooks', () => {
    const results = findNotebooks().flatMap((file) =>
      readNotebook(file).cells.filter(isCode).flatMap(({ source, outputs }) => {
        const [, question] = /came\(\s*'([^']+)',/.exec(textOf(source)) ?? [];
        const text = outputs.map((one) => 'text' in one ? textOf(one.text) : '').join('');
        const [, result = ''] = /came: (.*)/.exec(text) ?? [];
        return question === undefined ? [] : [[question, result] as const];
      })
    );
    expect(results.length).toBeGreaterThanOrEqual(25);
    const missing = results.filter(([question, result]) =>
      /^[\d,.]+$/.test(result) !== NUMBER_QUESTIONS.has(question)
    );
    expect(missing).toEqual([]);
  });

  it('is counted in the progress in plain words', () => {
    const words = (made: number, right: number): string => predictionsInWords({ made, right });
    expect(words(0, 0)).toBe('');
    expect(words(1, 0)).toBe('you predicted one result; your first prediction did not match it');
    expect(words(1, 1)).toBe('you predicted one result; your first prediction matched it');
    const three = 'you predicted 3 results; your first prediction matched';
    expect([0, 1, 3].map((right) => words(3, right))).toEqual([
      `${three} none of them`,
      `${three} 1 of them`,
      `${three} all of them`,
    ]);
  });

  it('names what is wrong with a question or an answer', () => {
    expect(() => predict('passes', 7)).toThrow("the question must be a text such as '16.1 passes'");
    expect(() => came('', 7)).toThrow('the question must be');
    expect(() => predict('16.1 passes', true as never)).toThrow('the prediction must be a number');
  });
});
