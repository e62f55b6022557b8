/** The states of the explainer, what is said of wrong ones, and the addresses that hold them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromAddress, toAddress } from '../../lib/explainer/address';
import { checkState, rangeOf } from '../../lib/explainer/check-state';
import { EXAMPLES } from '../../lib/explainer/examples';
import { sayProblem } from '../../lib/explainer/page/say-problem';
import { wordsOf } from '../../lib/explainer/page/words';
import type { Problem } from '../../lib/explainer/problem';
import { DEFAULT_STATE, defaultState, type State, STATE_CHOICES,
  STATE_RANGES } from '../../lib/explainer/state';
import { GPT } from '../../lib/index';
import { STATES } from './states';

const names = STATE_CHOICES.example;

const inEnglish = (problem: Problem): string => sayProblem(problem, wordsOf('en'));

describe('the examples', () => {
  it.each(names)('%s has the sizes of its checkpoints, and texts that it knows', async (name) => {
    const { folder, folderWithoutMask, layers, heads, width, context, vocabulary } = EXAMPLES[name];
    for (const each of [folder, folderWithoutMask]) {
      const model = await GPT.load(each);
      expect(model.config).toMatchObject({ nLayer: layers, nHead: heads, nEmbd: width,
        nPositions: context, vocabSize: vocabulary.length });
      model.dispose();
    }
    expect(checkState(defaultState(name))).toEqual([]);
  });

  it('begin with one sentence on both sides: the prompt is its beginning', () => {
    for (const name of names) {
      const { sentence, prompt, encode } = EXAMPLES[name];
      expect(encode(sentence).slice(0, encode(prompt).length)).toEqual(encode(prompt));
    }
  });

  it('knows no exact probability of a text that the language does not have', () => {
    const { encode, exactAfter } = EXAMPLES['pull-requests'];
    expect(exactAfter(encode('agent The'))).toBeNull();
    const exact = exactAfter(encode('The agent opened a pull request'))!;
    expect(exact[encode('for')[0]!]).toBeCloseTo(0.18, 12);
    expect(exact.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });
});

describe('the check of a state', () => {
  const said = (changes: Partial<Record<keyof State, unknown>>): string[] =>
    checkState({ ...DEFAULT_STATE, ...changes } as State).map(inEnglish);

  it.each([
    [{ prompt: 'The agent opend' }, /^The model does not know “opend” \(perhaps “opened”\)\.$/],
    [{ secondPrompt: 'Summarise' }, /“Summarise” \(perhaps “Summarize”\)/],
    [{ sentence: 'The' }, /^The sentence needs at least two tokens; it has 1\.$/],
    [{ sentence: '' }, /^The sentence is empty: write at least two words\.$/],
    [{ sentence: 'The '.repeat(66) }, /^The sentence may have at most 65 tokens; it has 66\.$/],
    [{ prompt: ' ' }, /^The prompt is empty: write at least one word\.$/],
    [{ prompt: 'The '.repeat(53) }, /the prompt may have at most 52; it has 53\.$/],
    [{ temperature: -1 }, /^“temperature” cannot be “-1”.*: numbers from 0\.0 to 2\.0\.$/],
    [{ temperature: Infinity }, /^“temperature” cannot be “Infinity”/],
    [{ topK: 1.5 }, /^“topK” cannot be “1\.5”.*: whole numbers from 0 to 105\.$/],
    [{ step: 13 }, /^“step” cannot be “13”.*: whole numbers from 0 to 12\.$/],
    [{ head: NaN }, /^“head” cannot be “NaN”.*: whole numbers from 0 to 3\.$/],
    [{ road: 'paralel' }, /^“road” cannot be “paralel”. Allowed: parallel, serial, cached\.$/],
    [{ example: 'toString' }, /^“example” cannot be “toString”/],
  ])('says what is wrong with %j', (changes, sentence) => {
    expect(said(changes)).toEqual([expect.stringMatching(sentence)]);
  });

  it('says everything that is wrong, each with its key and its kind', () => {
    const state = { ...DEFAULT_STATE, prompt: 'Thee agent', topP: 2,
      secondPrompt: 'The '.repeat(60) };
    expect(checkState(state).map(({ key, kind }) => [key, kind])).toEqual([
      ['topP', 'range'],
      ['prompt', 'unknown word'],
      ['secondPrompt', 'too long'],
    ]);
  });

  it('knows that eight tokens have one head and no word of the language', () => {
    const eight = defaultState('eight-tokens');
    expect(rangeOf('head', eight).to).toBe(0);
    expect(checkState({ ...eight, layer: 1 }).map(({ key }) => key)).toEqual(['layer']);
    const [problem] = checkState({ ...eight, sentence: 'I love agents' });
    expect(inEnglish(problem!)).toMatch(/“agents”/);
  });
});

/** Any valid state. */
const anyState: fc.Arbitrary<State> = fc.constantFrom(...names).chain((example) => {
  const usual = defaultState(example);
  const words = EXAMPLES[example].vocabulary.filter((word) => word !== '<pad>');
  const text = (minLength: number): fc.Arbitrary<string> =>
    fc.array(fc.constantFrom(...words), { minLength, maxLength: 4 }).map((all) => all.join(' '));
  const numbers = Object.fromEntries(
    (Object.keys(STATE_RANGES) as (keyof typeof STATE_RANGES)[]).map((key) => {
      const { from, to, step } = rangeOf(key, { ...usual, maxNewTokens: 4 });
      const any = step === 1
        ? fc.integer({ min: from, max: to })
        : fc.double({ min: from, max: to, noNaN: true }).map((value) => value + 0); // no −0
      return [key, key === 'maxNewTokens' ? fc.constant(4) : any];
    }),
  );
  const choices = Object.fromEntries(
    Object.entries(STATE_CHOICES).map(([key, all]) => [key, fc.constantFrom<string>(...all)]),
  );
  return fc.record({ ...choices, ...numbers, example: fc.constant(example), sentence: text(2),
    prompt: text(1), secondPrompt: text(0), causal: fc.boolean(), useCache: fc.boolean(),
    dropout: fc.boolean(), controls: fc.boolean() }) as unknown as fc.Arbitrary<State>;
});

describe('an address', () => {
  it('is empty for the state that the page begins with, and short for one near it', () => {
    expect(toAddress({ ...DEFAULT_STATE })).toBe('');
    expect(toAddress({ ...DEFAULT_STATE, step: 3 })).toBe('step=3');
    expect(toAddress(defaultState('eight-tokens'))).toBe('example=eight-tokens');
  });

  it('leads back to its state, whatever the state', () => {
    fc.assert(
      fc.property(anyState, fc.constantFrom('', '#', '?'), (state, start) => {
        expect(checkState(state)).toEqual([]);
        expect(fromAddress(start + toAddress(state))).toEqual({ state });
      }),
      { seed: 16, numRuns: 500 },
    );
  });

  it.each(STATES)('holds the state "$name"', ({ state }) => {
    expect(fromAddress(toAddress(state))).toEqual({ state });
  });

  it.each([
    ['stepp=3', /^It contains “stepp”; perhaps “step” is meant\.$/],
    ['step=three', /^“step” cannot be “three”.*: whole numbers from 0 to 40\.$/],
    ['step=', /^“step” cannot be “”/],
    ['step=99', /^“step” cannot be “99”.*: whole numbers from 0 to 12\.$/],
    ['causal=no', /^“causal” cannot be “no”. Allowed: true, false\.$/],
    ['example=nine-tokens', /^“example” cannot .*: pull-requests, eight-tokens\.$/],
    ['prompt=The+agnet', /^The model does not know “agnet” \(perhaps “agent”\)\.$/],
    ['__proto__=1', /^It contains “__proto__”/],
    ['%E0%A4%A', /^It contains “.+”, which the page does not know\.$/],
  ])('that is broken, %s, gives the default and a sentence', (text, sentence) => {
    const { state, problem } = fromAddress(`#${text}&language=de`);
    expect(state).toEqual({ ...DEFAULT_STATE, language: 'de' });
    expect(inEnglish(problem!)).toMatch(sentence);
  });
});

describe('the states of the tests', () => {
  it('are at least forty, each different, and move every key of a state', () => {
    expect(STATES.length).toBeGreaterThanOrEqual(40);
    expect(new Set(STATES.map(({ state }) => toAddress(state))).size).toBe(STATES.length);
    for (const key of Object.keys(DEFAULT_STATE) as (keyof State)[]) {
      const values = new Set(STATES.map(({ state }) => state[key]));
      expect(values.size, key).toBeGreaterThan(1);
      if (key in STATE_CHOICES)
        expect(values.size, key).toBe(STATE_CHOICES[key as keyof typeof STATE_CHOICES].length);
    }
  });
});
