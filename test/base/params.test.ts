import { afterEach, expect, test } from 'vitest';
import { PARAMS, params } from '../../lib/base/params';

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
  delete process.env[PARAMS];
});

test('without other values the defaults hold', () => {
  expect(make()).toEqual({ prompt: 'The agent', temperature: 0.8, steps: 5, topK: [1, 2],
    sample: true });
});

test('values from the environment are laid over the defaults, as they are', () => {
  process.env[PARAMS] = JSON.stringify({ prompt: 'A 🙂 "quoted"\n', temperature: 0.5, topK: [5] });
  expect(make()).toEqual({ prompt: 'A 🙂 "quoted"\n', temperature: 0.5, steps: 5, topK: [5],
    sample: true });
});

test.each([
  [
    { temprature: 1 },
    'no parameter is called "temprature"; this notebook has prompt, temperature, steps, topK, sample',
  ],
  [{ toString: 1 }, 'no parameter is called "toString"'],
  [{ temperature: 'hot' }, 'the parameter temperature wants a number like 0.8, got "hot"'],
  [{ temperature: null }, 'wants a number like 0.8, got null'],
  [{ topK: [1, 'a'] }, 'wants a list of numbers like [1,2], got [1,"a"]'],
  [{ sample: 1 }, 'wants a boolean like true, got 1'],
  [{ temperature: 2.5 }, 'the parameter temperature goes from 0 to 2, got 2.5'],
  [{ steps: 3.5 }, 'the parameter steps goes from 3 to 20 in whole numbers, got 3.5'],
])('%j is refused, from the environment and by assignment', (values, message) => {
  expect(() => Object.assign(make(), values)).toThrow(message);
  process.env[PARAMS] = JSON.stringify(values);
  expect(make).toThrow(message);
});

test('what papermill injects reaches every holder of the object', () => {
  const p = make();
  const read = (): number => p.temperature;
  Object.assign(p, { temperature: 0.25 } satisfies Partial<typeof p>);
  expect(read()).toBe(0.25);
});

test('a default outside its own range is refused too', () => {
  expect(() => params({ steps: 0 }, { steps: [1, 9] })).toThrow(
    'steps goes from 1 to 9 in whole numbers, got 0',
  );
});

test.each(['{"a": ', '[1]', 'null', '3'])('%s in the environment is refused', (text) => {
  process.env[PARAMS] = text;
  expect(make).toThrow('wants a JSON object');
});
