/** How the prompt of inference follows a new sentence of training, and when it does not. */
import { describe, expect, it, test } from 'vitest';
import { EXAMPLES } from '../../lib/explainer/examples';
import { promptFor } from '../../lib/explainer/prompt-for';
import { DEFAULT_STATE, defaultState } from '../../lib/explainer/state';

const eight = defaultState('eight-tokens');

describe('a prompt that was the beginning of the sentence', () => {
  it.each([
    ['The tests failed on Friday, so the team fixed the bug.', 'The tests failed on Friday,'],
    ['The reviewer approved the pull request.', 'The reviewer approved the pull request'],
    ['The bug', 'The'], // at least one token is left to predict
  ])('is the beginning of the new one, of as many tokens: %s', (sentence, prompt) => {
    expect(promptFor(sentence, DEFAULT_STATE)).toEqual({ prompt, step: 0 });
  });

  it('is as long as the new tokens leave room for', () => {
    const state = { ...eight, prompt: 'I love deep', maxNewTokens: 6 };
    expect(promptFor('deep learning and AI !', state)).toEqual({ prompt: 'deep learning',
      step: 0 });
  });
});

describe('a prompt stays as it is', () => {
  test('where it was a text of its own', () => {
    const state = { ...DEFAULT_STATE, prompt: 'The bug' };
    expect(promptFor('The tests failed on Friday.', state)).toEqual({});
  });

  test('where it is the beginning of the new sentence already', () => {
    expect(promptFor('The agent opened a pull request by Friday.', DEFAULT_STATE)).toEqual({});
  });

  test.each(['The agnet opened a pull request', 'Bonjour'])(
    'where the model does not know a word of the sentence: %s',
    (sentence) => expect(promptFor(sentence, DEFAULT_STATE)).toEqual({}),
  );

  test.each(['', 'The'])('where the sentence leaves no token to predict: "%s"', (sentence) => {
    expect(promptFor(sentence, DEFAULT_STATE)).toEqual({});
  });

  test.each([8, 12])('where %i new tokens leave no room in a context of eight', (maxNewTokens) => {
    expect(promptFor('deep learning and AI research !', { ...eight, maxNewTokens })).toEqual({});
  });
});

test.each(Object.entries(EXAMPLES))('decode is the inverse of encode: %s', (_, example) => {
  const { sentence, prompt, encode, decode } = example;
  for (const text of [sentence, prompt]) expect(decode(encode(text))).toBe(text);
});
