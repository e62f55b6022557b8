import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { allowedValues, type Declaration } from '../../lib/base/declaration';
import { params, PARAMS_VARIABLE } from '../../lib/base/params';
import '../../lib/language/little-language'; // which knows the words of a text

const make = (): {
  prompt: string;
  temperature: number;
  steps: number;
  topK: readonly number[];
  sample: boolean;
} =>
  params({ prompt: 'The agent', temperature: 0.8, steps: 5, topK: [1, 2], sample: true }, {
    temperature: [0, 2],
    steps: [3, 20],
  });

afterEach(() => {
  Reflect.deleteProperty(process.env, PARAMS_VARIABLE);
});

test('without any other values the defaults are used', () => {
  expect(make()).toEqual({ prompt: 'The agent', temperature: 0.8, steps: 5, topK: [1, 2],
    sample: true });
});

test('they are printed as a plain object, with their present values', () => {
  const p = params({ steps: 5, topK: [1, 2] });
  p.steps = 6;
  expect(inspect(p)).toBe('{ steps: 6, topK: [ 1, 2 ] }');
  expect({ ...p }).toStrictEqual({ steps: 6, topK: [1, 2] });
});

test('values from the environment override the defaults, unchanged', () => {
  process.env[PARAMS_VARIABLE] = JSON.stringify({ prompt: 'A 🙂 "quoted"\n', temperature: 0.5,
    topK: [5] });
  expect(make()).toEqual({ prompt: 'A 🙂 "quoted"\n', temperature: 0.5, steps: 5, topK: [5],
    sample: true });
});

test.each([
  [
    { temprature: 1 },
    'unknown parameter temprature (did you mean temperature?); known are prompt, temperature, '
    + 'steps, topK, sample',
  ],
  [{ toString: 1 }, 'unknown parameter toString'],
  [{ temperature: 'hot' }, 'the parameter temperature must be a number like 0.8, got "hot"'],
  [{ temperature: null }, 'must be a number like 0.8, got null'],
  [{ topK: [1, 'a'] }, 'must be a list of numbers like [1,2], got [1,"a"]'],
  [{ sample: 1 }, 'must be a boolean like true, got 1'],
  [{ temperature: 2.5 }, 'the parameter temperature must be a number from 0 to 2, got 2.5'],
  [{ steps: 3.5 }, 'the parameter steps must be an integer from 3 to 20, got 3.5'],
])('%j is refused, from the environment and by assignment', (values, message) => {
  expect(() => Object.assign(make(), values)).toThrow(message);
  process.env[PARAMS_VARIABLE] = JSON.stringify(values);
  expect(make).toThrow(message);
});

test('an assignment by papermill is seen by every function that reads the object', () => {
  const p = make();
  const read = (): number => p.temperature;
  Object.assign(p, { temperature: 0.25 } satisfies Partial<typeof p>);
  expect(read()).toBe(0.25);
});

describe('a parameter that is declared in full', () => {
  const declare = () =>
    params({
      temperature: { default: 0.8, range: [0, 2], about: 'Higher is bolder.' },
      steps: { default: 5, range: [3, 20], unit: 'steps', about: 'More take longer.' },
      order: { default: 'first', choices: ['first', 'last'], about: 'Where it begins.' },
      sizes: { default: [1, 2], range: [1, 4], about: 'Each is measured.' },
      plain: true,
    });

  test('has its default as value, of the same type', () => {
    const p = declare();
    expect(p).toEqual({ temperature: 0.8, steps: 5, order: 'first', sizes: [1, 2], plain: true });
    const values: { temperature: number; steps: number; order: string; sizes: number[] } = p;
    values.sizes = [3];
    expect(p.sizes).toEqual([3]);
  });

  test.each([
    [{ temperature: 2.5 }, 'the parameter temperature must be a number from 0 to 2, got 2.5'],
    [{ steps: 3.5 }, 'the parameter steps must be an integer from 3 to 20, got 3.5'],
    [{ order: 'lsat' }, 'the parameter order must be one of "first", "last", got "lsat"'],
    [{ sizes: [1, 9] }, 'the parameter sizes must be an integer from 1 to 4, got 9'],
    [{ Temperature: 1 }, 'unknown parameter Temperature (did you mean temperature?); known are'],
  ])('%j is refused', (values, message) => {
    expect(() => Object.assign(declare(), values)).toThrow(message);
    process.env[PARAMS_VARIABLE] = JSON.stringify(values);
    expect(declare).toThrow(message);
  });

  test.each([
    [{ default: 3, range: [4, 9] }, 'the parameter n must be an integer from 4 to 9, got 3'],
    [
      { default: 3, range: [9, 1] },
      'the range of the parameter n must be two numbers, the smaller',
    ],
    [{ default: 'a', range: [1, 9] }, 'must be a number or numbers, as it has a range, got "a"'],
    [{ default: 3, rnage: [1, 9] }, 'key of the parameter n rnage (did you mean range?)'],
    [{ default: 3, choices: [] }, 'the choices of the parameter n must be at least one value'],
    [{ default: 3, choices: [1, 2] }, 'the parameter n must be one of 1, 2, got 3'],
  ])('must not contradict itself: %j', (declared, message) => {
    const n = { about: 'More.', ...declared } as Declaration;
    expect(() => params({ n })).toThrow(message);
  });
});

describe('a text that declares its words', () => {
  const prompt = { default: 'The agent', words: [2, 5], about: 'More.' } as const;
  const prompts = { default: ['The agent', 'The tests passed'], words: [1, 4],
    about: 'Each is asked.' } as const;
  const declare = () => params({ prompt, prompts });

  test('takes any text of known words, also one that the grammar does not allow', () => {
    for (const text of ['The agent waited.', 'the the', 'The tests passed , <eos>']) {
      const p = declare();
      p.prompt = text;
      expect(p.prompt).toBe(text);
    }
  });

  test.each([
    [{ prompt: 'The' }, 'the parameter prompt must be a text of 2 to 5 words, got "The"'],
    [{ prompt: '' }, 'the parameter prompt must be a text of 2 to 5 words, got ""'],
    [{ prompt: 'The agent waited and waited .' }, 'must be a text of 2 to 5 words, got "The agent'],
    [
      { prompt: 'The agnet opend' },
      'the parameter prompt must have known words only: "agnet" (did you mean agent?), "opend" '
      + '(did you mean opened?) are not among',
    ],
    [
      { prompts: ['The', 'The agnet'] },
      'the parameter prompts must have known words only: "agnet"',
    ],
    [{ prompts: ['The', ''] }, 'the parameter prompts must be a text of 1 to 4 words, got ""'],
  ])('%j is refused', (values, message) => {
    expect(() => Object.assign(declare(), values)).toThrow(message);
    process.env[PARAMS_VARIABLE] = JSON.stringify(values);
    expect(declare).toThrow(message);
  });

  test.each([
    [{ default: 'The agent', words: [3, 5] }, 'must be a text of 3 to 5 words, got "The agent"'],
    [
      { default: 'The', words: [0, 5] },
      'the words of the parameter n must be two counts from 1 on',
    ],
    [
      { default: 'The', words: [5, 1] },
      'the words of the parameter n must be two counts from 1 on',
    ],
    [{ default: 3, words: [1, 5] }, 'must be a text or texts, as it has words, got 3'],
  ])('must not contradict itself: %j', (declared, message) => {
    const n = { about: 'More.', ...declared } as unknown as Declaration;
    expect(() => params({ n })).toThrow(message);
  });

  test('says so wherever its values are described', () => {
    expect(allowedValues(prompt)).toBe(', 2 to 5 words of the little language');
    expect(allowedValues(prompts)).toBe(', each 1 to 4 words of the little language');
  });
});

test('a default outside its own range is refused', () => {
  expect(() => params({ steps: 0 }, { steps: [1, 9] })).toThrow(
    'the parameter steps must be an integer from 1 to 9, got 0',
  );
});

test.each(['{"a": ', '[1]', 'null', '3'])('%s in the environment is refused', (text) => {
  process.env[PARAMS_VARIABLE] = text;
  expect(make).toThrow('COURSE_PARAMS must be a JSON object');
});
