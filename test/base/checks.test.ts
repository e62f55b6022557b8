import { describe, expect, it } from 'vitest';
import { check, checkBoolean, checkInteger, checkNames, checkNumber, knownIds, shown,
  unknownAmong } from '../../lib/base/checks';

describe('checks of arguments', () => {
  it('pass what is allowed, bounds included', () => {
    checkInteger('layer', 0, { from: 0, to: 11 });
    checkInteger('layer', 11, { from: 0, to: 11 });
    checkNumber('rate', 0, { from: 0, below: 1 });
    checkNumber('any', -1e300);
    checkBoolean('causal', false);
    checkNames('option', { topK: 1 }, ['topK', 'topP']);
    expect(() => check(true, 'x', 'anything', 1)).not.toThrow();
  });

  it.each([
    [
      () => checkInteger('layer', 12, { from: 0, to: 11 }),
      'layer must be an integer from 0 to 11, got 12',
    ],
    [() => checkInteger('steps', 0, { from: 1 }), 'steps must be an integer of at least 1, got 0'],
    [
      () => checkInteger('steps', 1.5, { from: 1 }),
      'steps must be an integer of at least 1, got 1.5',
    ],
    [
      () => checkInteger('steps', '3', { from: 1 }),
      'steps must be an integer of at least 1, got "3"',
    ],
    [() => checkInteger('id', 2 ** 53), 'id must be an integer, got 9007199254740992'],
    [
      () => checkNumber('topP', Number.NaN, { from: 0, to: 1 }),
      'topP must be a number from 0 to 1, got NaN',
    ],
    [
      () => checkNumber('rate', 1, { from: 0, below: 1 }),
      'rate must be a number from 0 to below 1, got 1',
    ],
    [() => checkNumber('penalty', 0, { above: 0 }), 'penalty must be a number above 0, got 0'],
    [
      () => checkNumber('temperature', Infinity, { from: 0 }),
      'temperature must be a number of at least 0, got Infinity',
    ],
    [() => checkBoolean('causal', 1), 'causal must be true or false, got 1'],
    [
      () => checkNames('option', { topk: 1 }, ['topK', 'topP']),
      'unknown option topk (did you mean topK?); known are topK, topP',
    ],
  ])('say what was wanted and what came: %#', (run, message) => {
    expect(run).toThrow(new RangeError(message));
  });

  it('cut a long value, and show what JSON cannot', () => {
    expect(shown(Array.from({ length: 100 }, () => 1)).length).toBeLessThan(70);
    expect([shown(undefined), shown(Number.NaN), shown(null), shown('a')]).toEqual([
      'undefined',
      'NaN',
      'null',
      '"a"',
    ]);
  });
});

describe('the unknown words of a text', () => {
  const known = ['opened', 'agent', 'The'];

  it('are named once each, in their order, with the nearest known one', () => {
    expect(unknownAmong(['The', 'agnet', 'xylophone', 'agnet', 'opend'], known)).toEqual({ words: [
      { word: 'agnet', nearest: 'agent' },
      { word: 'xylophone', nearest: undefined },
      { word: 'opend', nearest: 'opened' },
    ], more: 0 });
    expect(unknownAmong(['The', 'agent'], known)).toEqual({ words: [], more: 0 });
    expect(unknownAmong([], known)).toEqual({ words: [], more: 0 });
  });

  it('are at most five; the others are counted', () => {
    const { words, more } = unknownAmong(['1', '2', '3', '4', '5', '6', '7', '6'], known);
    expect(words.map(({ word }) => word)).toEqual(['1', '2', '3', '4', '5']);
    expect(more).toBe(2);
  });

  it('are what the error of knownIds names', () => {
    const ids = new Map(known.map((word, id) => [word, id]));
    const of = 'among the 3 tokens of this vocabulary';
    expect(knownIds(['agent', 'The'], ids)).toEqual([1, 2]);
    expect(() => knownIds(['agnet', 'agnet'], ids)).toThrow(
      new RangeError(`"agnet" is not ${of} (did you mean agent?)`),
    );
    expect(() => knownIds(['agnet', '1', '2', '3', '4', '5', '6'], ids)).toThrow(
      new RangeError(`"agnet" (did you mean agent?), "1", "2", "3", "4" and 2 more are not ${of}`),
    );
  });
});
