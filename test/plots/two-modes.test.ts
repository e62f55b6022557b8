import { describe, expect, it } from 'vitest';
import { allToAll, oneToOne } from '../../lib/plots/two-modes';

const texts = (figure: { layout: Record<string, unknown> }): string[] =>
  (figure.layout['annotations'] as { text: string }[]).map(({ text }) => text);
const ends = (figure: { data: object[] }): [number, number][] =>
  (figure.data as { x: [number, number] }[]).map(({ x }) => x);

describe('allToAll', () => {
  const figure = allToAll(['a', 'b', 'c'], [[0.254, -0.126], [1, 0], [0, 0.5]]);

  it('draws a line from each token to each position that sees it, and none to the left', () => {
    expect(ends(figure)).toEqual([[0, 0], [0, 1], [1, 1], [0, 2], [1, 2], [2, 2]]);
  });

  it('writes the tokens, and the numbers of each hidden state to two decimals', () => {
    expect(texts(figure)).toEqual([
      'a',
      'b',
      'c',
      '<b>h₀</b><br>0.25<br>−0.13',
      '<b>h₁</b><br>1.00<br>0.00',
      '<b>h₂</b><br>0.00<br>0.50',
    ]);
    expect(figure.summary).toContain('3 tokens in and gives 3 hidden states');
  });

  it('refuses hidden states that are not as many as the tokens', () => {
    expect(() => allToAll(['a', 'b'], [[1]])).toThrow(
      'the number of hidden states must be 2, one for each token, got 1',
    );
  });
});

describe('oneToOne', () => {
  const figure = oneToOne([
    { tokens: ['a'], state: [0.5], chosen: 'b' },
    { tokens: ['a', 'b'], state: [0.7], chosen: 'c' },
  ], 1);

  it('gives each pass its tokens, its last hidden state and the token chosen from it', () => {
    expect(texts(figure)).toEqual([
      'a',
      '<b>h₀</b><br>0.50',
      'b',
      'a',
      'b',
      '<b>h₁</b><br>0.70',
      'c',
    ]);
    expect(figure.summary).toBe('Passes: 2. Tokens read: 1, 2. Chosen, one in each: b, c.');
  });

  it('frames given tokens and generated ones in different colours', () => {
    const frames = (figure.layout['annotations'] as { bordercolor: string }[]).map((
      { bordercolor },
    ) => bordercolor);
    expect(frames[3]).toBe(frames[0]); // "a" was given, in both passes
    expect(frames[4]).toBe(frames[2]); // "b" was generated
    expect(frames[3]).not.toBe(frames[4]);
  });

  it('refuses an empty list of passes', () => {
    expect(() => oneToOne([], 1)).toThrow(
      'the number of passes must be an integer of at least 1, got 0',
    );
  });
});
