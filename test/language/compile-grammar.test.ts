import { describe, expect, it } from 'vitest';
import { ExactLanguage } from '../../lib/language/exact-language';
import { compileGrammar } from '../../lib/language/compile-grammar';
import { pullRequestRules } from '../../lib/language/pull-request-rules';

describe('a grammar is checked when it is compiled', () => {
  it('names the rule whose percentages are wrong', () => {
    expect(() => compileGrammar({ sentence: [[60, 'a'], [30, 'b']] })).toThrow(
      /\{sentence\} .* sum to 100, got a sum of 90/,
    );
    expect(() => compileGrammar({ sentence: [[100, 'a'], [0, 'b']] })).toThrow(/above 0/);
    expect(() => compileGrammar({ sentence: [[Number.NaN, 'a']] })).toThrow(/\{sentence\}/);
  });

  it('names a rule that is missing and one that is never used', () => {
    expect(() => compileGrammar({ sentence: [[100, 'a {b}']] })).toThrow(
      'the rule {b}, used by {sentence}, does not exist',
    );
    expect(() => compileGrammar({ sentence: [[100, 'a']], b: [[100, 'b']] })).toThrow(
      'no sentence uses the rule {b}',
    );
    expect(() => compileGrammar({ start: [[100, 'a']] })).toThrow(/\{sentence\}/);
  });

  it('refuses rules that call themselves before a word, or not at their end, or always', () => {
    expect(() => compileGrammar({ sentence: [[50, '{sentence} a'], [50, 'b']] })).toThrow(
      /calls itself before/,
    );
    expect(() => compileGrammar({ sentence: [[50, 'a {sentence} b'], [50, 'c']] })).toThrow(
      /only at its end/,
    );
    expect(() => new ExactLanguage({ sentence: [[100, 'a {sentence}']] }).entropyRate).toThrow(
      /never end/,
    );
    expect(() => compileGrammar({ sentence: [[100, 'a <eos>']] })).toThrow(/contains <eos>/);
  });

  it('gives states that can all be reached, with probabilities that sum to 1', () => {
    const states = compileGrammar(pullRequestRules);
    const reached = new Set(states.slice(0, 1));
    for (const state of reached) {
      let total = 0;
      for (const { probability, state: to } of state.next.values()) {
        reached.add(to);
        total += probability;
      }
      expect(total).toBeCloseTo(1, 12);
    }
    expect(reached.size).toBe(states.length);
  });
});
