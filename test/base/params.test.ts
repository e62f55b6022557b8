import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { params, PARAMS_VARIABLE } from '../../lib/base/params';

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
    'unknown parameter temprature; known are prompt, temperature, steps, topK, sample',
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

test('a default outside its own range is refused', () => {
  expect(() => params({ steps: 0 }, { steps: [1, 9] })).toThrow(
    'the parameter steps must be an integer from 1 to 9, got 0',
  );
});

test.each(['{"a": ', '[1]', 'null', '3'])('%s in the environment is refused', (text) => {
  process.env[PARAMS_VARIABLE] = text;
  expect(make).toThrow('COURSE_PARAMS must be a JSON object');
});
