import { beforeAll, describe, expect, test } from 'vitest';
import { fit } from '../../data/eight-tokens/make';
import { EIGHT_TOKENS, eightTokenExample, generate, GPT, hiddenStates } from '../../lib/index';

const ids = eightTokenExample.tokens.map((_, id) => id);
const toTwoDecimals = (rows: number[][]): number[][] =>
  rows.map((row) => row.map((value) => Number(value.toFixed(2))));
const largestGap = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

let model: GPT;
let states: number[][];
beforeAll(async () => {
  model = await GPT.load(EIGHT_TOKENS);
  states = await hiddenStates(model, ids);
});

describe('the checkpoint of eight tokens', () => {
  test("holds the example's embeddings, and zeros for positions", () => {
    const float32 = eightTokenExample.embeddings.flat().map(Math.fround);
    expect(Array.from(model.parameters.get('wte.weight')!.dataSync())).toEqual(float32);
    expect(Array.from(model.parameters.get('wpe.weight')!.dataSync()).every((value) => value === 0))
      .toBe(true);
  });

  test('gives the 32 numbers to two decimals in one pass', () => {
    expect(toTwoDecimals(states)).toEqual(eightTokenExample.hiddenStates);
  });

  test('gives the last row of each shorter pass as in the full one', async () => {
    for (const length of [2, 3, 4]) {
      const shorter = await hiddenStates(model, ids.slice(0, length));
      // float32 numbers below 1, summed in the same order
      expect(largestGap(shorter[length - 1]!, states[length - 1]!)).toBeLessThan(1e-6);
    }
  });

  test('continues "I love" with deep, learning, and', async () => {
    const { sequences } = await generate(model, [[0, 1]], { maxNewTokens: 3 });
    expect(sequences[0]!.map((id) => eightTokenExample.tokens[id])).toEqual([
      'I',
      'love',
      'deep',
      'learning',
      'and',
    ]);
  });

  test('changes with a token at its row and later ones, and at no earlier row', async () => {
    for (const at of ids) {
      const changed = await hiddenStates(model, ids.map((id) => (id === at ? (id + 3) % 8 : id)));
      const gaps = changed.map((row, t) => largestGap(row, states[t]!));
      expect(gaps.slice(0, at).every((gap) => gap < 1e-6)).toBe(true);
      expect(gaps.slice(at).every((gap) => gap > 1e-3)).toBe(true);
    }
  });

  test('changes in every row but the last without the mask', async () => {
    const open = await hiddenStates(model, ids, { causal: false });
    const gaps = open.map((row, t) => largestGap(row, states[t]!));
    expect(gaps.slice(0, 7).every((gap) => gap > 0.005)).toBe(true);
    expect(gaps[7]).toBeLessThan(1e-6);
  });

  test('is reproduced by its program, and not without attention', async () => {
    const again = await fit();
    expect(again.largestError).toBeLessThan(0.004); // two decimals with room to spare
    expect(again.loss).toBeLessThan(0.05);
    const alone = await fit({ attention: false });
    expect(alone.largestError).toBeGreaterThan(0.1);
  });
});

describe('hiddenStates', () => {
  test('refuses ids outside the vocabulary', async () => {
    await expect(hiddenStates(model, [0, 8])).rejects.toThrow(/from 0 to 7, got 8/);
  });
});
